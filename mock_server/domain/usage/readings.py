"""Arrays of readings, their units and qualities, and the territory that meters share."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Climate, ServiceKind
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import Flags, Ints, np

INTERVAL_SECONDS: dict[ServiceKind, int] = {"electric": 900, "gas": 3600, "water": 3600}
# Units of a reading (Wh, thousandths of a therm, gallons) per unit of the bill (kWh, therm, gallon).
UNITS_PER_BILL_UNIT: dict[ServiceKind, int] = {"electric": 1000, "gas": 1000, "water": 1}

# Qualities of a reading (ESPI 4.0 QualityOfReading; MISSING is not published). Estimates are greater than GOOD.
GOOD, MISSING, EDITED, ESTIMATED = 0, 1, 7, 8


@dataclass(frozen=True, kw_only=True)
class Territory:
    """What all meters of a place share: randomness, climate and time zone."""

    random: Randomness
    climate: Climate
    zone: ZoneInfo


@dataclass(frozen=True)
class Readings:
    """Consecutive readings: starts in epoch seconds (n,), values (n,) and qualities (n,), all int64.

    Values are in the meter's resolution (see `UNITS_PER_BILL_UNIT`). Qualities are GOOD, EDITED or ESTIMATED. There
    may be gaps between readings.
    """

    starts: Ints
    values: Ints
    qualities: Ints
    interval_seconds: int

    @property
    def total(self) -> int:
        """The sum of the values, in the meter's resolution."""
        return int(self.values.sum())

    def within(self, span: Span) -> "Readings":
        """Returns the readings that begin in a span."""
        first, last = np.searchsorted(self.starts, [span.start.timestamp(), span.end.timestamp()]).tolist()
        return self[first:last]

    def __getitem__(self, selection: "slice | Flags") -> "Readings":
        """Returns the readings of a slice or a mask (n,)."""
        arrays = (self.starts[selection], self.values[selection], self.qualities[selection])
        return Readings(*arrays, self.interval_seconds)
