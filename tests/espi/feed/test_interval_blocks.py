"""The fast path writes the same bytes as the path that builds elements."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import Readings
from mock_server.espi.feed.atom import payload
from mock_server.espi.feed.interval_blocks import block_payload, days_with_readings, write_days
from mock_server.espi.xml.spelling import USAGE, Spelling
from mock_server.espi.xml.usage import Written, interval_block
from mock_server.fixtures import bundled_folder, load_fixtures

HOUR = 3600
SERVICE = next(service for _, service in load_fixtures(bundled_folder()).customers[0].services())


@given(
    start=st.integers(0, 4 * 10**9),
    values=st.lists(st.integers(0, 10**9), min_size=1, max_size=100),
    interval=st.sampled_from([300, 900, 3600]),
    scale=st.sampled_from([1, 1000]),
    quality=st.sampled_from([0, 7, 8]),
    is_prefixed=st.booleans(),
)
def test_a_block_from_a_template_equals_one_built_from_elements(
    start: int, values: list[int], interval: int, scale: int, quality: int, is_prefixed: bool
) -> None:
    make = Spelling(USAGE, is_prefixed)
    starts = [start + index * interval for index in range(len(values))]
    built = interval_block(
        make,
        start=start,
        duration=interval * len(values),
        interval=interval,
        quality=quality or None,
        readings=[Written(begin, value * scale) for begin, value in zip(starts, values, strict=True)],
    )
    qualities = np.full(len(starts), quality)
    readings = Readings(np.array(starts, np.int64), np.array(values, np.int64), qualities, interval)
    assert block_payload(make, readings, scale=scale) == payload(built)


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 7), 24), ((2026, 3, 8), 23), ((2026, 11, 1), 25)], ids=str
)
def test_a_block_contains_a_local_day_of_23_24_or_25_hours(day: tuple[int, int, int], hours: int) -> None:
    zone = ZoneInfo("America/New_York")
    begin = datetime(*day, tzinfo=zone).astimezone(UTC)
    span = Span(start=begin - timedelta(days=1), end=begin + timedelta(days=3))
    starts = np.arange(round(span.start.timestamp()), round(span.end.timestamp()), HOUR, dtype=np.int64)
    readings = Readings(starts, np.ones_like(starts), np.zeros_like(starts), HOUR)
    days = days_with_readings(SERVICE, zone, span, lag=timedelta(hours=6), as_of=span.end)
    make = Spelling(USAGE, is_prefixed=False)
    blocks = {day.span.start: block for day, block in write_days(make, readings, days, scale=1)}
    assert sum(block.count(b"<IntervalReading>") for block in blocks.values()) == len(starts)
    assert blocks[begin].count(b"<IntervalReading>") == hours
    within = readings.within(Span(start=begin, end=begin + timedelta(hours=hours)))
    assert blocks[begin] == block_payload(make, within, scale=1)
