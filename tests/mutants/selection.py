"""The tests of a mutant, likely killers first: those that run its lines, then what else could notice it.

That is whatever runs anything of its module, and the other tests in the same files: a test may look at a table
that was filled when its module was imported, and run none of its lines.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from tests.mutants.coverage_map import JournalRecorder
from tests.mutants.draw import Mutant
from tests.mutants.source import Place, Source

_SLOW = 0.5
_FEW = 10
RUNS_THE_LINES, COULD_NOTICE = 60.0, 15.0
"""For how many seconds tests of each sort are taken, as long as they took without a mutant."""


class Selection:
    """Chooses among the tests of a recording; `package` is the code, `tests` that of the tests."""

    def __init__(
        self, recording: JournalRecorder, package: Sequence[Source], tests: Sequence[Source]
    ) -> None:
        self._recording, self._package, self._tests = recording, package, tests
        self._tests_by_line = cache(recording.tests_by_line)

    def tests_for(self, mutant: Mutant) -> list[str]:
        """What may notice it. Empty where no test runs any function of the module."""
        path = mutant.source.path
        near = set(self._run(self._places_of(mutant)))
        of_module = near.union(*self._tests_by_line(path).values())
        near = near or of_module
        files = {_file_of(test) for test in of_module if test.startswith(_mirrors(path))}
        files |= self._files_naming(mutant.place)
        beside = {test for test in self._recording.tests if _file_of(test) in files}
        rare = self._run_rare_lines(mutant.place, path) & near
        first = self._within(RUNS_THE_LINES, near, path, before=rare)
        return [*first, *self._within(COULD_NOTICE, (of_module | beside) - near, path)]

    def seconds(self, tests: Iterable[str]) -> float:
        """How long tests took without a mutant."""
        return sum(map(self._recording.seconds, tests))

    def _run(self, places: Iterable[tuple[str, int]]) -> Iterator[str]:
        for path, line in places:
            yield from self._tests_by_line(path).get(line, ())

    def _run_rare_lines(self, place: Place, path: str) -> set[str]:
        """The tests that run lines of the function which few run: a condition's other side, which tells its mutants."""
        if place.function is None:
            return set()
        lines = range(place.function.body[0].lineno, _end(place.function) + 1)
        by_line = self._tests_by_line(path)
        return {
            test for line in lines if len(by_line.get(line, ())) <= _FEW for test in by_line.get(line, ())
        }

    def _places_of(self, mutant: Mutant) -> Iterator[tuple[str, int]]:
        """The lines whose running shows the change, each with its file."""
        path, place = mutant.source.path, mutant.place
        if place.function or place.default_of:
            return ((path, line) for line in (0, *_lines_inside(place)))
        return self._mentions(place.subjects)

    def _mentions(self, names: Sequence[str]) -> Iterator[tuple[str, int]]:
        """What is outside functions runs once, at import: the lines that mention it, or what it is part of."""
        known, new = set[str](), set(names)
        while new:
            pattern = _naming(new)
            known |= new
            new = set()
            for source in self._package:
                for number, line in enumerate(source.lines, start=1):
                    if pattern.search(line):
                        yield source.path, number
                        new |= set(source.names_assigned_at(number)) - known

    def _files_naming(self, place: Place) -> set[str]:
        """The test files that look at a table themselves, by its name."""
        if place.function or not place.subjects:
            return set()
        return {one.path for one in self._tests if _naming(place.subjects).search(one.data.decode())}

    def _within(
        self, seconds: float, tests: Collection[str], path: str, *, before: Collection[str] = ()
    ) -> Iterator[str]:
        """As many as that time allows. Those in `before` come before the others, in the same order."""
        for test in sorted(self._likely_killers_first(tests, path), key=lambda one: one not in before):
            seconds -= self._recording.seconds(test)
            if seconds < 0:
                return
            yield test

    def _likely_killers_first(self, tests: Collection[str], path: str) -> list[str]:
        """Those in the folder that mirrors the module, slow ones last, one of each function before a second."""
        seen = set[str]()
        order: dict[str, tuple[bool, bool, bool, float, str]] = {}
        for seconds, test in sorted((self._recording.seconds(one), one) for one in tests):
            function = test.partition("[")[0]
            order[test] = (
                not test.startswith(_mirrors(path)), seconds > _SLOW, function in seen, seconds, test,
            )  # fmt: skip
            seen.add(function)
        return sorted(tests, key=order.__getitem__)


def _naming(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")


def _lines_inside(place: Place) -> range:
    """The lines of the statement around it without its body; of a default, the body of its function."""
    if place.default_of is not None:
        return range(place.default_of.body[0].lineno, _end(place.default_of) + 1)
    statement = place.statement
    assert statement is not None
    body = getattr(statement, "body", None)
    return range(statement.lineno, body[0].lineno if body else _end(statement) + 1)


def _end(node: object) -> int:
    return int(node.end_lineno)  # type: ignore[attr-defined]


def _mirrors(path: str) -> tuple[str, ...]:
    """What the paths of the tests of a module begin with: the tests' folders mirror the package."""
    _, part, *_ = path.split("/")
    return f"tests/{part}/", f"tests/test_{part.removesuffix('.py')}.py"


def _file_of(test: str) -> str:
    return test.partition("::")[0]
