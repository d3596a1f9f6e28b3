"""A pytest plugin for runs on a mutant: chooses and orders tests, or writes how long each took.

`--chosen-tests FILE` runs the tests whose ids are the lines of FILE, in that order. An id that the mutant did away
with is passed over, so that it does not look like a failure. `--durations-to FILE` writes the seconds of every test
that passed, as JSON.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

CHOSEN, DURATIONS = "--chosen-tests", "--durations-to"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    parser.addoption(CHOSEN, help="a file that lists the tests to run, in order")
    parser.addoption(DURATIONS, help="a file to write the seconds of each passed test to")


def pytest_configure(config: pytest.Config) -> None:
    """Measure durations where they are asked for."""
    path = config.getoption(DURATIONS)
    if path:
        config.pluginmanager.register(_Durations(Path(path)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chosen tests, in the order in which they were listed."""
    path = config.getoption(CHOSEN)
    if path:
        listed = Path(path).read_text(encoding="utf-8").splitlines()
        place = {test: number for number, test in enumerate(listed)}
        chosen = sorted((one for one in items if one.nodeid in place), key=lambda one: place[one.nodeid])
        config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in place])
        items[:] = chosen


class _Durations:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration
        if not report.passed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        passed = {test: spent for test, spent in self._seconds.items() if test not in self._failed}
        self._path.write_text(json.dumps(passed, indent=0), encoding="utf-8")
