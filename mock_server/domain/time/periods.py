"""Local days and billing periods, as spans of UTC time. A local day may have 23, 24 or 25 hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """The time from `start` (inclusive) to `end` (exclusive), both in UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """The length in seconds."""
        return round((self.end - self.start).total_seconds())


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Returns the start of a local day, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def billing_periods(zone: ZoneInfo, *, start: datetime, end: datetime, read_day: int) -> Iterator[Span]:
    """Yields the months from read day to read day that overlap the span, oldest first, uncut.

    `read_day` is from 1 to 28.
    """
    first = start.astimezone(zone).date()
    first = (first if first.day >= read_day else first.replace(day=1) - timedelta(days=1)).replace(
        day=read_day
    )
    while local_midnight(first, zone) < end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=read_day)
        yield Span(start=local_midnight(first, zone), end=local_midnight(following, zone))
        first = following


def local_days(zone: ZoneInfo, span: Span) -> Iterator[Span]:
    """Yields the local days of a span, oldest first, cut to the span."""
    day = span.start.astimezone(zone).date()
    while (begin := local_midnight(day, zone)) < span.end:
        following = local_midnight(day + timedelta(days=1), zone)
        yield Span(start=max(begin, span.start), end=min(following, span.end))
        day += timedelta(days=1)


def visible_span(*, start: datetime, end: datetime) -> Span:
    """Returns the span of whole hours between two timestamps: readings begin and end on the hour."""
    first = start.replace(minute=0, second=0, microsecond=0)
    first = first if first == start else first + HOUR
    last = end.replace(minute=0, second=0, microsecond=0)
    return Span(start=first, end=max(first, last))


def cut(spans: Iterator[Span], limits: Span) -> Iterator[Span]:
    """Yields the parts of the spans within the limits; omits empty ones."""
    for span in spans:
        part = Span(start=max(span.start, limits.start), end=min(span.end, limits.end))
        if part.start < part.end:
            yield part
