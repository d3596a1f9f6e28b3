"""A time zone as LocalTimeParameters: offsets in seconds and two rules for daylight saving time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mock_server.domain.time.zones import clock_changes, offset_at
from mock_server.espi.xml.spelling import Element, Spelling

NO_RULE: Final = "FFFFFFFF"
_LAST: Final = 7  # operator "last such weekday of the month"
_YEARS: Final = 7  # enough to tell the last Sunday from the fourth


@dataclass(frozen=True, kw_only=True)
class LocalTime:
    """Offsets in seconds (standard time from UTC, daylight time from standard) and DstRuleType in hex."""

    standard_offset: int
    dst_offset: int
    dst_start: str
    dst_end: str


def local_time_parameters(make: Spelling, local: LocalTime) -> Element:
    """ESPI 4.0 LocalTimeParameters, in either namespace."""
    return make(
        "LocalTimeParameters",
        make("dstEndRule", local.dst_end),
        make("dstOffset", local.dst_offset),
        make("dstStartRule", local.dst_start),
        make("tzOffset", local.standard_offset),
    )


@lru_cache(maxsize=100)
def local_time(zone: ZoneInfo, year: int) -> LocalTime:
    """The rules in force in a year; a zone that does not change its clocks twice a year has none."""
    years: list[Sequence[datetime]] = [clock_changes(zone, year + later) for later in range(_YEARS)]
    if len(years[0]) != 2:
        offset = offset_at(zone, datetime(year, 1, 1, tzinfo=UTC))
        return LocalTime(standard_offset=offset, dst_offset=0, dst_start=NO_RULE, dst_end=NO_RULE)
    rules = [_rule(zone, [changes[place] for changes in years if len(changes) == 2]) for place in (0, 1)]
    offsets = [offset_at(zone, change) for change in years[0]]
    start = offsets.index(max(offsets))
    return LocalTime(
        standard_offset=min(offsets),
        dst_offset=max(offsets) - min(offsets),
        dst_start=rules[start],
        dst_end=rules[1 - start],
    )


def _rule(zone: ZoneInfo, changes: Sequence[datetime]) -> str:
    """DstRuleType: the weekday, its place in the month and the wall clock's time just before the change."""
    walls = [_wall(zone, change) for change in changes]
    is_always_last = all((wall + timedelta(days=7)).month != wall.month for wall in walls)
    wall = walls[0]
    operator = _LAST if is_always_last else (wall.day - 1) // 7 + 2
    bits = wall.month << 28 | operator << 25 | wall.isoweekday() << 17 | wall.hour << 12 | wall.minute * 60
    return f"{bits:08X}"


def _wall(zone: ZoneInfo, change: datetime) -> datetime:
    return change + timedelta(seconds=offset_at(zone, change - timedelta(minutes=1)))
