"""How often a third party hears of new data."""

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
def test_a_year_has_so_many_turns(frequency: str, turns: int) -> None:
    assert sum(is_turn(frequency, day) for day in YEAR) == turns


def test_a_month_without_that_day_has_its_turn_on_the_last() -> None:
    turns = [day for day in YEAR if is_turn("monthly", day, monthly_on=31)]
    assert len(turns) == 12
    assert date(2026, 2, 28) in turns


def test_midnights_are_those_of_the_clock_on_the_wall() -> None:
    since, until = datetime(2026, 3, 7, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
    found = [instant.isoformat() for _, instant in local_midnights(NEW_YORK, since=since, until=until)]
    assert found == ["2026-03-08T05:00:00+00:00", "2026-03-09T04:00:00+00:00"]
