"""Offsets of time zones from UTC, in seconds, for single timestamps or arrays."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from mock_server.domain.usage.arrays import Ints, np

_MINUTES_PER_DAY = 1440


def offset_at(zone: ZoneInfo, instant: datetime) -> int:
    """Returns local time minus UTC at an instant, in seconds."""
    return round((instant.astimezone(zone).utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=1000)
def clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """Returns the times in a UTC year at which the offset changes, ascending."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = [
        first + timedelta(days=day) for day in range((datetime(year + 1, 1, 1, tzinfo=UTC) - first).days + 1)
    ]
    return tuple(_change_on(zone, day) for day, following in pairwise(days) if _differ(zone, day, following))


def _change_on(zone: ZoneInfo, day: datetime) -> datetime:
    """Returns the minute of the day at which the offset changes."""
    minutes = range(_MINUTES_PER_DAY + 1)
    minute_of_change = bisect_left(
        minutes, True, key=lambda minute: _differ(zone, day, day + timedelta(minutes=minute))
    )
    return day + timedelta(minutes=minute_of_change)


def _differ(zone: ZoneInfo, first: datetime, second: datetime) -> bool:
    return offset_at(zone, first) != offset_at(zone, second)


@lru_cache(maxsize=1000)
def standard_offset(zone: ZoneInfo, year: int) -> int:
    """Returns the offset of standard time, in seconds."""
    return min(offset_at(zone, datetime(year, month, 1, tzinfo=UTC)) for month in (1, 7))


def offsets(zone: ZoneInfo, instants: Ints) -> Ints:
    """Returns local time minus UTC in seconds, (n,) int64, at ascending epoch seconds (n,)."""
    if not len(instants):
        return np.empty(0, np.int64)
    years = range(_year(int(instants[0])), _year(int(instants[-1])) + 1)
    changes = [change for year in years for change in clock_changes(zone, year)]
    edges = np.array([change.timestamp() for change in changes], dtype=np.int64)
    first = offset_at(zone, datetime(years[0], 1, 1, tzinfo=UTC))
    after = np.array([first, *(offset_at(zone, change) for change in changes)], dtype=np.int64)
    return np.asarray(after[np.searchsorted(edges, instants, side="right")], dtype=np.int64)


def _year(instant: int) -> int:
    return datetime.fromtimestamp(instant, UTC).year
