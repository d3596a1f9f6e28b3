"""The table that `make bench` prints: what was measured, beside its baseline and its target."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Target:
    """A bound, on the ratio to the baseline or on the figure itself."""

    kind: Literal["at least", "at most"]
    bound: float
    of: Literal["ratio", "figure"] = "ratio"

    def is_met(self, found: float) -> bool:
        """Whether it is reached."""
        return found >= self.bound if self.kind == "at least" else found <= self.bound

    def miss(self, found: float) -> str:
        """By how much not, in per cent of the bound."""
        return f"{abs(found - self.bound) / self.bound:.0%}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure: ours, what stands beside it, and what was aimed for."""

    figure: str
    ours: float | None
    unit: str
    beside: str = ""
    baseline: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours in terms of the baseline."""
        return self.ours / self.baseline if self.ours is not None and self.baseline else None

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.figure,
            _formatted(self.ours, self.unit),
            f"{self.beside} {_formatted(self.baseline, self.unit)}".strip() if self.beside else "",
            "" if self.ratio is None else f"{self.ratio:.2f} x",
            self._aim(),
            self._verdict(),
        )

    def _aim(self) -> str:
        if self.target is None:
            return ""
        sign = (
            "\N{GREATER-THAN OR EQUAL TO}" if self.target.kind == "at least" else "\N{LESS-THAN OR EQUAL TO}"
        )
        return f"{sign} {self.target.bound:g} {'x' if self.target.of == 'ratio' else self.unit}"

    def _verdict(self) -> str:
        found = self.ratio if self.target is None or self.target.of == "ratio" else self.ours
        if self.target is None or found is None:
            return self.note
        verdict = "met" if self.target.is_met(found) else f"MISSED by {self.target.miss(found)}"
        return f"{verdict}; {self.note}" if self.note else verdict


def _formatted(figure: float | None, unit: str) -> str:
    if figure is None:
        return "not measured"
    return f"{figure:,.{0 if figure >= 100 else 1 if figure >= 10 else 2}f} {unit}"


_HEAD = ("figure", "ours", "beside", "ratio", "target", "")


def print_table(rows: Iterable[Row]) -> None:
    """All rows, in columns."""
    cells = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    for place, row in enumerate(cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if place == 0:
            print("  ".join("-" * width for width in widths))
