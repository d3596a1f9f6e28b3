"""How often a third party hears of new data: the instants of a frequency, by local days (ESPI 4.0 scope grammar)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mock_server.domain.time.periods import local_midnight

_EPOCH: Final = date(1970, 1, 5)  # a Monday, from which weeks and numbers of days count
_SECONDS_PER_DAY: Final = 86_400
_MOST_DAYS: Final = 366


def local_midnights(zone: ZoneInfo, *, since: datetime, until: datetime) -> Iterator[tuple[date, datetime]]:
    """The local days that begin after `since` and not after `until`, with the instants at which they do."""
    day = since.astimezone(zone).date()
    while (midnight := local_midnight(day, zone)) <= until:
        if midnight > since:
            yield day, midnight
        day += timedelta(days=1)


def is_turn(frequency: str, day: date, *, monthly_on: int = 1) -> bool:
    """Whether it is the turn of a frequency on that day: daily, weekly (Mondays), monthly, seasonal, or so many days.

    A number above 366 counts seconds, as some clients write it. What has a rhythm of its own, such as
    `billingPeriod`, has no turn here.
    """
    match frequency.casefold():
        case "daily":
            return True
        case "weekly":
            return day.weekday() == 0
        case "monthly":
            return day.day == min(monthly_on, _last_of_month(day))
        case "seasonal":
            return day.day == 1 and day.month % 3 == 0
    if not (frequency.isascii() and frequency.isdigit() and len(frequency) < 12):
        return False
    number = int(frequency)
    days = max(1, number if number <= _MOST_DAYS else number // _SECONDS_PER_DAY)
    return (day - _EPOCH).days % days == 0


def _last_of_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
