"""What a time zone does to its clocks: offsets from UTC in seconds, for one instant or for whole arrays."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from mock_server.domain.usage.arrays import Ints, np

_MINUTES_PER_DAY = 1440


def offset_at(zone: ZoneInfo, instant: datetime) -> int:
    """Local time minus UTC at an instant."""
    return round((instant.astimezone(zone).utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=1000)
def clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The instants of a UTC year from which another offset holds."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = [
        first + timedelta(days=day) for day in range((datetime(year + 1, 1, 1, tzinfo=UTC) - first).days + 1)
    ]
    return tuple(_moment(zone, day) for day, following in pairwise(days) if _differ(zone, day, following))


def _moment(zone: ZoneInfo, day: datetime) -> datetime:
    """The minute of the day at which the offset changes."""
    minutes = range(_MINUTES_PER_DAY + 1)
    found = bisect_left(minutes, True, key=lambda minute: _differ(zone, day, day + timedelta(minutes=minute)))
    return day + timedelta(minutes=found)


def _differ(zone: ZoneInfo, one: datetime, other: datetime) -> bool:
    return offset_at(zone, one) != offset_at(zone, other)


@lru_cache(maxsize=1000)
def standard_offset(zone: ZoneInfo, year: int) -> int:
    """The offset without daylight saving time."""
    return min(offset_at(zone, datetime(year, month, 1, tzinfo=UTC)) for month in (1, 7))


def offsets(zone: ZoneInfo, instants: Ints) -> Ints:
    """Local time minus UTC at ascending instants in epoch seconds (n,), as (n,)."""
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
