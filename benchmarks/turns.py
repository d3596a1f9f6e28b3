"""Medians of turns: subjects are measured one after the other, over and over, so that a noisy moment strikes all."""

import statistics
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

TURNS = 5
Name = TypeVar("Name", bound=Hashable)


def median(figures: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(figures)


def in_turns(subjects: Mapping[Name, Callable[[], float]]) -> dict[Name, float]:
    """The median of what each tells; the first turn warms up and does not count."""
    found: dict[Name, list[float]] = {name: [] for name in subjects}
    for _ in range(TURNS + 1):
        for name, take in subjects.items():
            found[name].append(take())
    return {name: median(figures[1:]) for name, figures in found.items()}


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The same work, telling how many milliseconds it took."""

    def take() -> float:
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000

    return take
