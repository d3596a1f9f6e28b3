"""Offsets of time zones, changes of the clock, and days off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.time.holidays import holidays, is_holiday
from mock_server.domain.time.zones import clock_changes, offset_at, offsets, standard_offset
from mock_server.domain.usage.simulation import is_offday

ZONES = [
    "America/New_York",
    "America/Phoenix",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
]


@given(st.sampled_from(ZONES), st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=20))
def test_an_array_of_offsets_equals_the_single_offsets(name: str, instants: list[int]) -> None:
    zone = ZoneInfo(name)
    ascending = sorted(instants)
    array = offsets(zone, np.array(ascending, dtype=np.int64))
    assert array.tolist() == [offset_at(zone, datetime.fromtimestamp(instant, UTC)) for instant in ascending]


def test_the_clock_changes_on_the_minute() -> None:
    zone = ZoneInfo("America/New_York")
    spring, autumn = clock_changes(zone, 2026)
    assert spring == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert autumn == datetime(2026, 11, 1, 6, tzinfo=UTC)
    for change in (spring, autumn):
        around = np.array([change.timestamp() - 1, change.timestamp()], dtype=np.int64)
        before, after = offsets(zone, around).tolist()
        assert abs(after - before) == 3600
    assert standard_offset(zone, 2026) == -18_000
    assert clock_changes(ZoneInfo("America/Phoenix"), 2026) == ()


def test_an_empty_array_has_no_offsets() -> None:
    assert len(offsets(ZoneInfo("UTC"), np.empty(0, np.int64))) == 0


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 1),
        date(2025, 5, 26),
        date(2025, 7, 4),
        date(2025, 9, 1),
        date(2025, 11, 27),
        date(2025, 12, 25),
        date(2026, 5, 25),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2024, 11, 28),
    ],
)
def test_holidays_are_on_their_dates(day: date) -> None:
    assert is_holiday(day)
    assert not is_holiday(day + timedelta(days=1))
    assert len(holidays(day.year)) == 6


def test_whether_a_day_is_off_does_not_depend_on_the_other_days_of_the_array() -> None:
    """Days off are Saturdays, Sundays and holidays. The array spans the end of a year."""
    days = np.array([(date(2025, 12, 1) - date(1970, 1, 1)).days + number for number in range(400)])
    together = is_offday(days)
    dates = [date(1970, 1, 1) + timedelta(days=int(number)) for number in days]
    assert together.tolist() == [day.weekday() >= 5 or is_holiday(day) for day in dates]
    for first in range(0, 400, 7):
        assert is_offday(days[first : first + 1]).tolist() == together[first : first + 1].tolist()
        assert is_offday(days[first : first + 40]).tolist() == together[first : first + 40].tolist()
