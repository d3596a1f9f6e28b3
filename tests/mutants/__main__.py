"""`make mutants`: change the code in one place, and see whether a test notices; print the changes that none noticed.

1. Every place in `mock_server` where a comparison, a constant, a call and so on may be changed is listed from the
   syntax tree (`operators.py`; `source.py` says what is left alone), and a seed puts them in an order (`draw.py`).
2. Coverage records once which test runs which line, and keeps that in `.mutants/` (`recording.py`).
3. Each mutant is written into a copy of the project (`tree.py`), where the tests that run its line are run, those
   most likely to notice first (`selection.py`), until one fails or none is left (`running.py`).

Mutants that are the same program are listed in `excused.toml`, with a reason, and are not drawn.
"""

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tests.mutants.coverage_map import FOLDER, JournalRecorder
from tests.mutants.draw import Mutant, draw, list_mutants
from tests.mutants.excused import read_excused
from tests.mutants.running import Outcome, try_mutant
from tests.mutants.selection import Selection
from tests.mutants.source import Source
from tests.mutants.tree import Tree, copied

_PACKAGE = "mock_server"
_AT_LEAST, _TIMES = 60.0, 5.0


def main() -> None:
    """Draw mutants, run their tests, and print who survives and how many were killed."""
    given = _arguments().parse_args()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that the copy and the tests under way end too
    with copied() as tree:
        package = read_package(tree.folder, _PACKAGE)
        drawn = choose(package, only=given.only, without=given.without, seed=given.seed)
        recording = JournalRecorder(FOLDER, _PACKAGE)
        recording.bring_up_to_date(tree)
        selection = Selection(recording, package, read_package(tree.folder, "tests"))
        try_all(tree, selection, list(islice(drawn, given.skip, given.skip + given.count)))


def read_package(folder: Path, package: str) -> list[Source]:
    """Every module of a package below `folder`."""
    files = sorted((folder / package).rglob("*.py"))
    return [Source(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]


def choose(package: Sequence[Source], *, only: str, without: str, seed: int) -> Iterator[Mutant]:
    """The mutants of some parts of a package in the order of a seed, but for those that are excused."""
    excused = read_excused()
    sources = [one for one in package if _is_in(one, only, default=True) and not _is_in(one, without)]
    drawn = draw(list_mutants(sources, package), seed=seed)
    return (mutant for mutant in drawn if mutant.key not in excused)


def try_all(tree: Tree, selection: Selection, mutants: Sequence[Mutant]) -> Counter[Outcome]:
    """Try one after the other. Survivors are printed as they are found; what is under way goes to stderr."""
    outcomes, drawn, killed = Counter[Outcome](), Counter[str](), Counter[str]()
    for number, mutant in enumerate(mutants, start=1):
        tests = selection.tests_for(mutant)
        limit = _AT_LEAST + _TIMES * selection.seconds(tests)
        outcome = try_mutant(tree, mutant, tests, seconds=limit)
        outcomes[outcome] += 1
        drawn[mutant.folder] += 1
        killed[mutant.folder] += outcome is Outcome.KILLED
        print(f"{number}/{len(mutants)}: {outcome.value}", file=sys.stderr, flush=True)
        if outcome is not Outcome.KILLED:
            where = mutant.place.qualified_name or "the module"
            print(f"{mutant}\n{outcome.value}, in {where}, {len(tests)} tests\n{mutant.diff}\n", flush=True)
    for folder in sorted(drawn):
        print(f"{folder}: {killed[folder]} of {drawn[folder]}")
    if mutants:
        share = 100 * killed.total() / len(mutants)
        print(f"{killed.total()} of {len(mutants)} mutants were killed: {share:.1f} %")
    return outcomes


def _is_in(source: Source, parts: str, *, default: bool = False) -> bool:
    """Whether a module's path from the package begins with one of `parts`, which commas separate."""
    _, _, path = source.path.partition("/")
    return path.startswith(tuple(parts.split(","))) if parts else default


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, help="a seed repeats its mutants")
    parser.add_argument("--count", type=int, default=50, help="how many mutants are drawn (50)")
    parser.add_argument(
        "--skip", type=int, default=0, help="leave out the first of a seed, which were tried before"
    )
    parser.add_argument(
        "--only", default="", metavar="PATHS", help="parts of the package: domain/,oauth/token.py"
    )
    parser.add_argument("--not", default="", dest="without", metavar="PATHS", help="parts that are left out")
    return parser


if __name__ == "__main__":
    main()
