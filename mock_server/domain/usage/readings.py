"""Readings as arrays, what they count in, how good they are, and where their meters hang."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Climate, ServiceKind
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import Flags, Ints, np

INTERVAL_SECONDS: dict[ServiceKind, int] = {"electric": 900, "gas": 3600, "water": 3600}
# How many of the meter's smallest units make one unit of the bill (kWh, therm, gallon).
UNITS_PER_BILL_UNIT: dict[ServiceKind, int] = {"electric": 1000, "gas": 1000, "water": 1}

# Qualities of a reading. What is guessed counts above GOOD.
GOOD, MISSING, EDITED, ESTIMATED = 0, 1, 7, 8


@dataclass(frozen=True, kw_only=True)
class Territory:
    """What all meters of a place share: chance, climate and clock time."""

    random: Randomness
    climate: Climate
    zone: ZoneInfo


@dataclass(frozen=True)
class Readings:
    """Readings in time: starts in epoch seconds (n,), integral values (n,), qualities (n,), all int64.

    A quality is one of the four below; days may be missing between one reading and the next.
    """

    starts: Ints
    values: Ints
    qualities: Ints
    interval_seconds: int

    @property
    def total(self) -> int:
        """The sum, in the meter's resolution."""
        return int(self.values.sum())

    def within(self, span: Span) -> "Readings":
        """Those that begin inside a span."""
        first, last = np.searchsorted(self.starts, [span.start.timestamp(), span.end.timestamp()]).tolist()
        return self[first:last]

    def __getitem__(self, kept: "slice | Flags") -> "Readings":
        """Some of them, as of arrays."""
        chosen = (self.starts[kept], self.values[kept], self.qualities[kept])
        return Readings(*chosen, self.interval_seconds)
