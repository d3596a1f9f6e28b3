"""What all benchmarks share: medians of runs in turns, so that a noisy moment strikes both sides alike."""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 7


@dataclass(frozen=True)
class Pair:
    """Medians in seconds of a subject and its baseline, measured in turns."""

    subject: float
    baseline: float

    @property
    def ratio(self) -> float:
        """How many times as long the subject takes."""
        return self.subject / self.baseline


def in_turns(subject: Callable[[], object], baseline: Callable[[], object]) -> Pair:
    """Time both, one after the other, several times; the first turn warms up and does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(RUNS + 1):
        for work, taken in zip((subject, baseline), times, strict=True):
            start = time.perf_counter()
            work()
            if turn:
                taken.append(time.perf_counter() - start)
    return Pair(*(statistics.median(taken) for taken in times))


def growth(work: Callable[[], object]) -> int:
    """The most memory that the work held at once, in bytes."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def report(name: str, pair: Pair, *, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:<48} {pair.subject * 1000:9.2f} ms   {pair.ratio:6.2f} x baseline   {note}")
