"""Which tests run which lines: recorded with coverage's contexts, and kept while the code is the same.

The recording is in `.mutants/`. It knows the digest of every file of the package and of every test file at that time:
- test files that changed since, or are new, are recorded again, and added;
- so are those that mention PostgreSQL, when a PostgreSQL was recorded with and there is none now, or the reverse;
- a source file that changed since has no lines to go by: its tests are all those that ran any function in it;
- where more than a fifth of the source files changed, all is recorded anew.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from coverage import CoverageData

from tests.mutants.tree import DATABASE, ROOT, Tree

FOLDER = ROOT / ".mutants"
LEFT_OUT = (
    "tests/certification/test_data.py",
    "tests/journeys",
    "tests/load",
    "tests/mutants",
    "tests/readers",
    "tests/fuzzing/test_anything_goes.py",
    "tests/test_wheel.py",
)
"""Slow: they compute or wait for minutes, and what they run is run by others too."""

_OPTIONS = ("-m", "not browser", "--hypothesis-seed=0", "-p", "tests.mutants.plugin")
_SETTINGS = "[run]\nsource = {package}\ndata_file = {data}\nrelative_files = true\nconcurrency = thread\n"
_MOST_CHANGED = 0.2

Digests = Mapping[str, str]


class JournalRecorder:
    """What was recorded in `folder` about the tests of `package`."""

    def __init__(self, folder: Path, package: str) -> None:
        self._folder, self._package = folder, package
        self._about, self._data = folder / "recorded.json", folder / "coverage.sqlite"
        self._known = _Known()
        self._changed: Collection[str] = ()
        self._coverage = CoverageData(str(self._data))

    def bring_up_to_date(self, tree: Tree) -> None:
        """Run the tests whose lines are not known."""
        sources, tests = digests(tree.folder, self._package), digests(tree.folder, "tests", "test_*.py")
        tests = {
            path: _with_database(tree.folder / path, digest)
            for path, digest in tests.items()
            if not path.startswith(LEFT_OUT)
        }
        self._known = _read(self._about)
        self._changed = {path for path in sources if self._known.sources.get(path) != sources[path]}
        if len(self._changed) > _MOST_CHANGED * len(sources):
            self._begin_anew(sources)
        new = [path for path in tests if self._known.tests.get(path) != tests[path]]
        if new:
            print(f"Recording which lines {len(new)} test files run.", flush=True)
            gone = {test for test in self._known.seconds if test.partition("::")[0] in new}
            stored = {test: spent for test, spent in self._known.seconds.items() if test not in gone}
            self._known = replace(self._known, tests=tests, seconds={**stored, **self._record(tree, new)})
            self._about.write_text(json.dumps(vars(self._known), indent=0), encoding="utf-8")
        self._coverage.read()

    def tests_by_line(self, path: str) -> Mapping[int, frozenset[str]]:
        """The tests that ran each line of a file. Of a file that changed since, all are under line 0."""
        lines = {
            line: frozenset(self._passed(contexts))
            for line, contexts in self._coverage.contexts_by_lineno(path).items()
        }
        return {0: frozenset().union(*lines.values())} if path in self._changed else lines

    @property
    def tests(self) -> Collection[str]:
        """The ids of all tests that passed."""
        return self._known.seconds.keys()

    def seconds(self, test: str) -> float:
        """How long a test took, and what it was started with."""
        return self._known.seconds[test]

    def _passed(self, contexts: Iterable[str]) -> Iterator[str]:
        """The context of a test is its id and its phase: `tests/test_x.py::test_y|setup`."""
        tests = (context.rpartition("|")[0] for context in contexts)
        return (test for test in tests if test in self._known.seconds)

    def _begin_anew(self, sources: Digests) -> None:
        self._folder.mkdir(exist_ok=True)
        self._data.unlink(missing_ok=True)
        self._known, self._changed = _Known(sources=sources), ()

    def _record(self, tree: Tree, files: Iterable[str]) -> dict[str, float]:
        settings, durations = self._folder / "coveragerc", self._folder / "durations.json"
        settings.write_text(_SETTINGS.format(package=self._package, data=self._data), encoding="utf-8")
        durations.unlink(missing_ok=True)
        measured = (
            "--cov",
            "--cov-append",
            "--cov-context=test",
            f"--cov-config={settings}",
            "--cov-report=",
        )
        ran = tree.pytest([*files, *_OPTIONS, *measured, f"--durations-to={durations}"])
        if not durations.exists():
            raise SystemExit(f"The tests do not run:\n{ran.stdout}")
        spent: dict[str, float] = json.loads(durations.read_text(encoding="utf-8"))
        return spent


@dataclass(frozen=True, kw_only=True)
class _Known:
    """The digests of what was recorded, and how long each test took that passed."""

    sources: Digests = field(default_factory=dict)
    tests: Digests = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def _read(path: Path) -> _Known:
    return _Known(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else _Known()


def _with_database(file: Path, digest: str) -> str:
    """The digest of a test file, which is another where it has tests that only a PostgreSQL lets run."""
    return f"{digest}+postgres" if DATABASE in os.environ and b"postgres" in file.read_bytes() else digest


def digests(folder: Path, under: str, pattern: str = "*.py") -> dict[str, str]:
    """The digest of every file, under its path from `folder`."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / under).rglob(pattern))
    }
