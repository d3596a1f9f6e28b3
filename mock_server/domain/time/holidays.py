"""The six US holidays on which off-peak prices apply and businesses are closed."""

from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY = 0, 3


@lru_cache(maxsize=500)
def holidays(year: int) -> frozenset[date]:
    """Returns New Year's Day, Memorial Day, Independence Day, Labor Day, Thanksgiving and Christmas Day."""
    return frozenset(
        {
            date(year, 1, 1),
            _last(_MONDAY, date(year, 5, 31)),
            date(year, 7, 4),
            _last(_MONDAY, date(year, 9, 7)),
            _last(_THURSDAY, date(year, 11, 28)),
            date(year, 12, 25),
        }
    )


def is_holiday(day: date) -> bool:
    """Returns whether a local day is a holiday."""
    return day in holidays(day.year)


def _last(weekday: int, until: date) -> date:
    """Returns the last such weekday (Monday is 0) up to and including a day."""
    return until - timedelta(days=(until.weekday() - weekday) % 7)
