"""Frequencies of notifications."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mock_server.domain.consent.frequencies import is_turn, local_midnights

NEW_YORK = ZoneInfo("America/New_York")
YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]


@pytest.mark.parametrize(
    ("frequency", "turns"),
    [
        ("daily", 365),
        ("Daily", 365),
        ("weekly", 52),
        ("monthly", 12),
        ("seasonal", 4),
        ("1", 365),
        ("7", 52),
        ("86400", 365),
        ("604800", 52),
        ("3600", 365),
        ("billingPeriod", 0),
        ("9" * 50, 0),
        ("²", 0),
    ],
)
def test_a_frequency_is_due_on_this_many_days_a_year(frequency: str, turns: int) -> None:
    assert sum(is_turn(frequency, day) for day in YEAR) == turns


def test_in_a_short_month_the_last_day_is_due() -> None:
    due = [day for day in YEAR if is_turn("monthly", day, monthly_on=31)]
    assert len(due) == 12
    assert date(2026, 2, 28) in due


def test_midnights_follow_daylight_saving_time() -> None:
    since, until = datetime(2026, 3, 7, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
    midnights = [instant.isoformat() for _, instant in local_midnights(NEW_YORK, since=since, until=until)]
    assert midnights == ["2026-03-08T05:00:00+00:00", "2026-03-09T04:00:00+00:00"]
