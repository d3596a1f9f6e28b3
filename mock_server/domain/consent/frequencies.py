"""Decides on which local days a notification frequency is due (ESPI 4.0, SubscriptionFrequency)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mock_server.domain.time.periods import local_midnight

_EPOCH: Final = date(1970, 1, 5)  # a Monday; weeks and numbers of days count from it
_SECONDS_PER_DAY: Final = 86_400
_MAX_DAYS: Final = 366


def local_midnights(zone: ZoneInfo, *, since: datetime, until: datetime) -> Iterator[tuple[date, datetime]]:
    """Yields the local days that begin after `since` and up to `until`, each with its start in UTC."""
    day = since.astimezone(zone).date()
    while (midnight := local_midnight(day, zone)) <= until:
        if midnight > since:
            yield day, midnight
        day += timedelta(days=1)


def is_turn(frequency: str, day: date, *, monthly_on: int = 1) -> bool:
    """Returns whether a frequency is due on a day: daily, weekly (Mondays), monthly, seasonal, or a number of days.

    A number above `_MAX_DAYS` is in seconds, as some clients write it. `billingPeriod` and unknown frequencies are
    never due.
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
    days = max(1, number if number <= _MAX_DAYS else number // _SECONDS_PER_DAY)
    return (day - _EPOCH).days % days == 0


def _last_of_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
