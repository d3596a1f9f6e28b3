"""What meters read: a pure function of seed, meter and instant. Nothing is stored, nothing depends on the asking.

A reading counts in its meter's resolution: watt-hours, thousandths of a therm, US gallons.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from mock_server.core.chance import Chance
from mock_server.core.periods import Span
from mock_server.core.records import Service, ServiceKind

INTERVAL_SECONDS: dict[ServiceKind, int] = {"electric": 900, "gas": 3600, "water": 3600}
# How many of the meter's smallest units make one unit of the bill (kWh, therm, gallon).
UNITS_PER_BILL_UNIT: dict[ServiceKind, int] = {"electric": 1000, "gas": 1000, "water": 1}

_DAY = 86_400
# Relative use by local hour of the day, and by month; each has the mean 1.
_BY_HOUR = {
    "electric": (5, 4, 4, 4, 4, 5, 8, 10, 9, 8, 8, 8, 9, 8, 8, 9, 11, 14, 15, 14, 13, 11, 9, 6),
    "gas": (8, 8, 8, 8, 9, 12, 16, 15, 11, 8, 7, 6, 6, 6, 6, 7, 9, 12, 13, 12, 11, 10, 9, 8),
    "water": (1, 1, 1, 1, 1, 4, 11, 13, 9, 6, 5, 5, 6, 5, 4, 4, 6, 9, 11, 9, 8, 7, 4, 2),
}
_BY_MONTH = {
    "electric": (11, 10, 9, 8, 9, 12, 14, 14, 11, 8, 9, 11),
    "gas": (24, 22, 17, 11, 6, 3, 2, 2, 4, 9, 15, 21),
    "water": (9, 9, 9, 10, 11, 13, 14, 13, 11, 10, 9, 9),
}


@dataclass(frozen=True)
class Readings:
    """Consecutive readings: start instants in epoch seconds (n,) and integral values (n,), both int64."""

    starts: NDArray[np.int64]
    values: NDArray[np.int64]
    interval_seconds: int

    @property
    def total(self) -> int:
        """The sum, in the meter's resolution."""
        return int(self.values.sum())


def read_meter(chance: Chance, service: Service, zone: ZoneInfo, span: Span) -> Readings:
    """The readings whose intervals lie inside the span, ascending."""
    interval = INTERVAL_SECONDS[service.kind]
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    first, last = -(-start // interval) * interval, end // interval * interval
    if last <= first:
        return Readings(np.empty(0, np.int64), np.empty(0, np.int64), interval)
    days = range(first // _DAY, (last - 1) // _DAY + 1)
    starts = np.arange(days[0] * _DAY, (days[-1] + 1) * _DAY, interval, dtype=np.int64)
    values = np.concatenate([_day_values(chance, service, zone, day) for day in days])
    kept = slice((first - days[0] * _DAY) // interval, (last - days[0] * _DAY) // interval)
    return Readings(starts[kept], values[kept], interval)


def _day_values(chance: Chance, service: Service, zone: ZoneInfo, day: int) -> NDArray[np.int64]:
    """One UTC day of a meter: expected use by local hour and month, times a draw between 0.5 and 1.5."""
    count = _DAY // INTERVAL_SECONDS[service.kind]
    drawn = np.frombuffer(chance.stream("usage", service.meter_serial, day).bytes(2 * count), dtype="<u2")
    hours, month = _local_hours(zone, day)
    by_hour = np.array(_BY_HOUR[service.kind], dtype=np.int64)
    by_month = _BY_MONTH[service.kind]
    shape = np.repeat(by_hour[hours], count // 24)
    per_day = int(service.daily_usage * UNITS_PER_BILL_UNIT[service.kind])
    # Integer arithmetic throughout: the same on every machine. 32768 + u2 has the mean 65536.
    expected = per_day * 24 * 12 * by_month[month - 1] * shape * (32_768 + drawn.astype(np.int64))
    return np.asarray(expected // (count * int(by_hour.sum()) * sum(by_month) * 65_536), dtype=np.int64)


def _local_hours(zone: ZoneInfo, day: int) -> tuple[list[int], int]:
    """The local hour at each UTC hour of the day, and the local month at its noon."""
    begin = datetime.fromtimestamp(day * _DAY, UTC)
    hours = [(begin + timedelta(hours=hour)).astimezone(zone).hour for hour in range(24)]
    return hours, (begin + timedelta(hours=12)).astimezone(zone).month
