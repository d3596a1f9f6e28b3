"""The six days on which American utilities bill and businesses rest as on a Sunday."""

from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY = 0, 3


@lru_cache(maxsize=500)
def holidays(year: int) -> frozenset[date]:
    """New Year's Day, Memorial Day, Independence Day, Labor Day, Thanksgiving, Christmas Day."""
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
    """Whether a local day is one of them."""
    return day in holidays(day.year)


def _last(weekday: int, until: date) -> date:
    """The last such weekday up to and including a day."""
    return until - timedelta(days=(until.weekday() - weekday) % 7)
