"""The fast path: interval blocks as bytes, from one template for each number of readings.

The template is made by the same function that builds the elements, so the two cannot say different things.
"""

from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from mock_server.core.periods import Span, local_days
from mock_server.core.readings import GOOD, Readings
from mock_server.espi.feed import payload
from mock_server.espi.xml.spelling import Spelling
from mock_server.espi.xml.usage import interval_block


def daily_blocks(readings: Readings, zone: ZoneInfo, span: Span) -> Iterator[tuple[Span, Readings]]:
    """The readings of each local day of the span that has any, oldest first."""
    days = list(local_days(zone, span))
    edges = np.searchsorted(readings.starts, [round(day.end.timestamp()) for day in days])
    first = 0
    for day, last in zip(days, edges.tolist(), strict=True):
        if last > first:
            yield day, readings[first:last]
        first = last


def block_payload(make: Spelling, readings: Readings, *, scale: int) -> bytes:
    """An IntervalBlock of readings of one quality; a published value is the meter's own reading times `scale`."""
    count, interval = len(readings.starts), readings.interval_seconds
    numbers = np.column_stack([readings.starts, readings.values * scale]).ravel().tolist()
    start, duration, quality = numbers[0], count * interval, int(readings.qualities[0])
    return _template(make, interval, count, quality) % (duration, start, *numbers)


@lru_cache(maxsize=1000)
def _template(make: Spelling, interval: int, count: int, quality: int) -> bytes:
    block = interval_block(
        make,
        start="%d",
        duration="%d",
        interval=interval,
        quality=None if quality == GOOD else quality,
        readings=[("%d", "%d")] * count,
    )
    return payload(block)
