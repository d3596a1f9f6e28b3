"""The fast path: writes interval blocks from templates, one for each number of readings.

The function that builds the elements also builds the templates, so their output cannot differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mock_server.domain.billing.costs import Priced
from mock_server.domain.records import Service
from mock_server.domain.time.periods import Span, local_days
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.readings import GOOD, Readings
from mock_server.domain.usage.simulation import corrections, missing_days
from mock_server.espi.feed.atom import payload
from mock_server.espi.xml.spelling import Spelling
from mock_server.espi.xml.usage import Written, interval_block


@dataclass(frozen=True, kw_only=True)
class Day:
    """A local day with readings, and the position (from 1) of its block in a set.

    `corrected` is when actual readings replaced the estimates.
    """

    position: int
    span: Span
    published: datetime
    corrected: datetime | None


def days_with_readings(
    service: Service, zone: ZoneInfo, span: Span, *, lag: timedelta, as_of: datetime
) -> list[Day]:
    """The days of a set as known at `as_of`, oldest first. Computes no readings."""
    missing = {day.start for day in missing_days(service, zone, span)}
    corrected = {day.start: instant for day, instant in corrections(service, zone, span) if instant <= as_of}
    days = (day for day in _local_days(zone, span) if day.start not in missing)
    return [
        Day(position=position, span=day, published=day.end + lag, corrected=corrected.get(day.start))
        for position, day in enumerate(days, start=1)
    ]


@lru_cache(maxsize=100)  # the same for all meters and flows
def _local_days(zone: ZoneInfo, span: Span) -> tuple[Span, ...]:
    return tuple(local_days(zone, span))


def write_days(
    make: Spelling, readings: Readings, days: Sequence[Day], *, scale: int
) -> Iterator[tuple[Day, bytes]]:
    """Each day with its block. Days and readings must be in ascending order."""
    numbers = _numbers(readings, scale)
    for day, first, last, quality in _by_day(readings, days):
        template = _template(make, readings.interval_seconds, last - first, quality)
        yield day, _fill(template, readings, first, last, numbers[2 * first : 2 * last])


def write_priced_days(
    make: Spelling, readings: Readings, priced: Priced, days: Sequence[Day], *, scale: int
) -> Iterator[tuple[Day, bytes]]:
    """Each day with its priced block. Tariffs change at midnight, so a block has tiers, windows or neither."""
    for day, first, last, quality in _by_day(readings, days):
        part = slice(first, last)
        tiers = priced.tiers[part] if priced.tiers[first] else None
        windows = priced.windows[part] if priced.windows[first] else None
        columns = [priced.costs[part], readings.starts[part], readings.values[part] * scale, tiers, windows]
        numbers = np.column_stack([column for column in columns if column is not None]).ravel().tolist()
        shape = (True, tiers is not None, windows is not None)
        template = _template(make, readings.interval_seconds, last - first, quality, shape)
        yield day, _fill(template, readings, first, last, numbers)


def _by_day(readings: Readings, days: Sequence[Day]) -> Iterator[tuple[Day, int, int, int]]:
    """Each day with the start and end index of its readings, and their quality."""
    starts = np.searchsorted(readings.starts, [round(day.span.start.timestamp()) for day in days])
    ends = np.searchsorted(readings.starts, [round(day.span.end.timestamp()) for day in days])
    qualities = readings.qualities[starts].tolist()
    yield from zip(days, starts.tolist(), ends.tolist(), qualities, strict=True)


def block_payload(make: Spelling, readings: Readings, *, scale: int) -> bytes:
    """An IntervalBlock of readings of one quality. A published value is the meter reading times `scale`."""
    count, quality = len(readings.starts), int(readings.qualities[0])
    template = _template(make, readings.interval_seconds, count, quality)
    return _fill(template, readings, 0, count, _numbers(readings, scale))


def _numbers(readings: Readings, scale: int) -> list[int]:
    """The start and published value of each reading, alternating."""
    paired: list[int] = np.column_stack([readings.starts, readings.values * scale]).ravel().tolist()
    return paired


def _fill(template: bytes, readings: Readings, first: int, last: int, numbers: list[int]) -> bytes:
    return template % ((last - first) * readings.interval_seconds, readings.starts[first], *numbers)


@lru_cache(maxsize=1000)
def _template(
    make: Spelling,
    interval: int,
    count: int,
    quality: int,
    shape: tuple[bool, bool, bool] = (False, False, False),
) -> bytes:
    """A block template. `shape` says whether its readings have a cost, a tier and a window."""
    cost, tier, window = ("%d" if is_present else None for is_present in shape)
    block = interval_block(
        make,
        start="%d",
        duration="%d",
        interval=interval,
        quality=None if quality == GOOD else quality,
        readings=[Written("%d", "%d", cost, tier, window)] * count,
    )
    return payload(block)
