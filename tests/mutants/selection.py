"""The tests of a mutant: those that run its lines, then those that run anything of its module, likely killers first."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

from tests.mutants.draw import Mutant
from tests.mutants.recording import Recording
from tests.mutants.source import Place, Source

RUNS_THE_LINES, RUNS_THE_MODULE = 45.0, 15.0
"""For how many seconds tests of each sort are taken, as long as they took without a mutant."""


class Selection:
    """Chooses among the tests of a recording."""

    def __init__(self, recording: Recording, package: Sequence[Source]) -> None:
        self._recording, self._package = recording, package
        self._tests_by_line = cache(recording.tests_by_line)

    def tests_for(self, mutant: Mutant) -> list[str]:
        """What may notice it. Empty where no test runs any function of the module."""
        path = mutant.source.path
        near = set(self._run(self._places_of(mutant)))
        of_module = set(chain.from_iterable(self._tests_by_line(path).values()))
        first = self._within(RUNS_THE_LINES, near, path)
        return [*first, *self._within(RUNS_THE_MODULE, of_module - near, path)]

    def seconds(self, tests: Iterable[str]) -> float:
        """How long tests took without a mutant."""
        return sum(map(self._recording.seconds, tests))

    def _run(self, places: Iterable[tuple[str, int]]) -> Iterator[str]:
        for path, line in places:
            yield from self._tests_by_line(path).get(line, ())

    def _places_of(self, mutant: Mutant) -> Iterator[tuple[str, int]]:
        """The lines whose running shows the change, each with its file."""
        path, place = mutant.source.path, mutant.place
        if place.function or place.default_of:
            return ((path, line) for line in (0, *_lines_inside(place)))
        return self._mentions(place.subject)

    def _mentions(self, name: str) -> Iterator[tuple[str, int]]:
        """What is outside functions runs once, at import. Tests run the lines that mention it."""
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        for source in self._package if name else ():
            for number, line in enumerate(source.lines, start=1):
                if pattern.search(line):
                    yield source.path, number

    def _within(self, seconds: float, tests: Collection[str], path: str) -> Iterator[str]:
        for test in self._likely_killers_first(tests, path):
            seconds -= self._recording.seconds(test)
            if seconds < 0:
                return
            yield test

    def _likely_killers_first(self, tests: Collection[str], path: str) -> list[str]:
        """Those in the folder that mirrors the module, one of each function before a second, quick ones first."""
        _, mirrored, *_ = path.split("/")
        folders = (f"tests/{mirrored}/", f"tests/test_{mirrored.removesuffix('.py')}.py")
        turns, order = Counter[str](), defaultdict[str, int](int)
        for test in sorted(tests, key=lambda one: (self._recording.seconds(one), one)):
            function = test.partition("[")[0]
            order[test] = turns[function]
            turns[function] += 1
        return sorted(
            tests,
            key=lambda one: (not one.startswith(folders), order[one], self._recording.seconds(one), one),
        )


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
