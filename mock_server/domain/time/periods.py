"""Local days and billing periods as spans of UTC instants. Days have 23, 24 or 25 hours; nothing is assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """From `start` up to, but without, `end`; both in UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length."""
        return round((self.end - self.start).total_seconds())


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def billing_periods(zone: ZoneInfo, *, start: datetime, end: datetime, read_day: int) -> Iterator[Span]:
    """The months from read day to read day that touch the span, oldest first, whole. `read_day` is 1 to 28."""
    first = start.astimezone(zone).date()
    first = (first if first.day >= read_day else first.replace(day=1) - timedelta(days=1)).replace(
        day=read_day
    )
    while local_midnight(first, zone) < end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=read_day)
        yield Span(start=local_midnight(first, zone), end=local_midnight(following, zone))
        first = following


def local_days(zone: ZoneInfo, span: Span) -> Iterator[Span]:
    """The local days of a span, oldest first, cut to it."""
    day = span.start.astimezone(zone).date()
    while (begin := local_midnight(day, zone)) < span.end:
        following = local_midnight(day + timedelta(days=1), zone)
        yield Span(start=max(begin, span.start), end=min(following, span.end))
        day += timedelta(days=1)


def visible_span(*, start: datetime, end: datetime) -> Span:
    """The whole hours inside: readings begin and end there."""
    first = start.replace(minute=0, second=0, microsecond=0)
    first = first if first == start else first + HOUR
    last = end.replace(minute=0, second=0, microsecond=0)
    return Span(start=first, end=max(first, last))


def cut(spans: Iterator[Span], limits: Span) -> Iterator[Span]:
    """The spans as far as they lie within the limits; empty ones are left out."""
    for span in spans:
        kept = Span(start=max(span.start, limits.start), end=min(span.end, limits.end))
        if kept.start < kept.end:
            yield kept
