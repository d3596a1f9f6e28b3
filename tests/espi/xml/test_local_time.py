"""A time zone as LocalTimeParameters: offsets, and daylight saving rules as DstRuleType."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mock_server.espi.xml.local_time import LocalTime, local_time

HOUR = 3600


@pytest.mark.parametrize(
    ("zone", "offset", "daylight", "start", "end"),
    [
        ("America/New_York", -5 * HOUR, HOUR, "360E2000", "B40E2000"),  # second and first Sunday at 2
        ("America/Los_Angeles", -8 * HOUR, HOUR, "360E2000", "B40E2000"),
        ("Europe/Berlin", HOUR, HOUR, "3E0E2000", "AE0E3000"),  # last Sundays, at 2 and at 3
        ("Australia/Sydney", 10 * HOUR, HOUR, "A40E2000", "440E3000"),  # first Sundays, southern hemisphere
        ("America/Phoenix", -7 * HOUR, 0, "FFFFFFFF", "FFFFFFFF"),
        ("Asia/Kolkata", 5 * HOUR + 1800, 0, "FFFFFFFF", "FFFFFFFF"),
    ],
)
def test_a_zone_has_the_expected_offsets_and_rules(
    zone: str, offset: int, daylight: int, start: str, end: str
) -> None:
    assert local_time(ZoneInfo(zone), 2026) == LocalTime(
        standard_offset=offset, dst_offset=daylight, dst_start=start, dst_end=end
    )


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Sydney"])
@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028])
def test_the_rules_give_the_hours_at_which_clocks_change(zone: str, year: int) -> None:
    found = local_time(ZoneInfo(zone), year)
    for rule, before in ((found.dst_start, 0), (found.dst_end, found.dst_offset)):
        local = day_of(int(rule, 16), year)
        instant = local - timedelta(seconds=found.standard_offset + before)
        after = instant.astimezone(ZoneInfo(zone)).utcoffset()
        assert after == timedelta(seconds=found.standard_offset + found.dst_offset - before)
        just_before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset()
        assert just_before == timedelta(seconds=found.standard_offset + before)


def day_of(rule: int, year: int) -> datetime:
    """The local time when a rule applies (ESPI 4.0 DstRuleType), labelled as UTC."""
    month, operator, weekday, hour, second = (
        rule >> 28, rule >> 25 & 7, rule >> 17 & 7, rule >> 12 & 31, rule & 4095,
    )  # fmt: skip
    days = [datetime(year, month, 1, tzinfo=UTC) + timedelta(days=number) for number in range(31)]
    matching = [day for day in days if day.month == month and day.isoweekday() == weekday]
    return matching[-1 if operator == 7 else operator - 2] + timedelta(hours=hour, seconds=second)
