"""A time zone as LocalTimeParameters: offsets in seconds and two daylight saving rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mock_server.domain.time.zones import clock_changes, offset_at
from mock_server.espi.xml.spelling import Element, Spelling

NO_RULE: Final = "FFFFFFFF"
_LAST: Final = 7  # operator "last given weekday of the month"
_YEARS: Final = 7  # enough to distinguish the last Sunday from the fourth


@dataclass(frozen=True, kw_only=True)
class LocalTime:
    """Offsets in seconds (standard time from UTC, daylight time from standard) and DstRuleType in hex."""

    standard_offset: int
    dst_offset: int
    dst_start: str
    dst_end: str


def local_time_parameters(make: Spelling, local: LocalTime) -> Element:
    """ESPI 4.0 LocalTimeParameters; both namespaces have it."""
    return make(
        "LocalTimeParameters",
        make("dstEndRule", local.dst_end),
        make("dstOffset", local.dst_offset),
        make("dstStartRule", local.dst_start),
        make("tzOffset", local.standard_offset),
    )


@lru_cache(maxsize=100)
def local_time(zone: ZoneInfo, year: int) -> LocalTime:
    """The zone's rules in a year. A zone without two clock changes that year gets no rules."""
    years: list[Sequence[datetime]] = [clock_changes(zone, year + later) for later in range(_YEARS)]
    if len(years[0]) != 2:
        offset = offset_at(zone, datetime(year, 1, 1, tzinfo=UTC))
        return LocalTime(standard_offset=offset, dst_offset=0, dst_start=NO_RULE, dst_end=NO_RULE)
    rules = [_rule(zone, [changes[index] for changes in years if len(changes) == 2]) for index in (0, 1)]
    offsets = [offset_at(zone, change) for change in years[0]]
    start = offsets.index(max(offsets))
    return LocalTime(
        standard_offset=min(offsets),
        dst_offset=max(offsets) - min(offsets),
        dst_start=rules[start],
        dst_end=rules[1 - start],
    )


def _rule(zone: ZoneInfo, changes: Sequence[datetime]) -> str:
    """DstRuleType: month, weekday, its position in the month, and local time just before the change."""
    local_times = [_local_before(zone, change) for change in changes]
    is_always_last = all((local + timedelta(days=7)).month != local.month for local in local_times)
    local = local_times[0]
    operator = _LAST if is_always_last else (local.day - 1) // 7 + 2
    bits = (
        local.month << 28 | operator << 25 | local.isoweekday() << 17 | local.hour << 12 | local.minute * 60
    )
    return f"{bits:08X}"


def _local_before(zone: ZoneInfo, change: datetime) -> datetime:
    return change + timedelta(seconds=offset_at(zone, change - timedelta(minutes=1)))
