"""A meter's usage by local day or by hour: the sums of the readings that the APIs serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from mock_server.actions.reading.shares import Share, SharedMeter, readable_span_of, territory_of
from mock_server.domain.records import Flow
from mock_server.domain.time.periods import Span, local_midnight
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT
from mock_server.domain.usage.simulation import read_meter
from mock_server.sandbox import Sandbox

DAYS_LISTED = 31
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The usage of one bar, in the unit of the bill; negative if more was exported than used."""

    start: datetime
    label: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Amounts over time, oldest first. `first` and `last` are the local days with data."""

    day: date
    first: date
    last: date
    measured: tuple[Measured, ...]


def usage_by_day(sandbox: Sandbox, share: Share, meter: SharedMeter, until: date | None) -> Usage | None:
    """Up to 31 days ending with `until`, by default the newest; None without readings."""
    limits = readable_span_of(sandbox, share, meter)
    if limits is None or limits.end <= limits.start:
        return None
    first, last = _days_of(share, limits)
    day = min(max(until or last, first), last)
    days = [day - timedelta(days=back) for back in range(DAYS_LISTED - 1, -1, -1)]
    spans = [(f"{day:%b} {day.day}", _day(share, day)) for day in days if day >= first]
    return _usage(sandbox, share, meter, limits, spans, day=day)


def usage_by_hour(sandbox: Sandbox, share: Share, meter: SharedMeter, day: date | None) -> Usage | None:
    """The 23, 24 or 25 hours of a local day, by default the newest complete day; None without readings."""
    limits = readable_span_of(sandbox, share, meter)
    if limits is None or limits.end <= limits.start:
        return None
    first, last = _days_of(share, limits)
    newest = last if _day(share, last).end <= limits.end else last - timedelta(days=1)
    day = min(max(day or newest, first), last)
    period = _day(share, day)
    spans, start = [], period.start
    while start < period.end:
        spans.append((f"{start.astimezone(share.zone):%H:%M}", Span(start=start, end=start + _HOUR)))
        start += _HOUR
    return _usage(sandbox, share, meter, limits, spans, day=day)


def _usage(
    sandbox: Sandbox,
    share: Share,
    meter: SharedMeter,
    limits: Span,
    spans: Iterable[tuple[str, Span]],
    *,
    day: date,
) -> Usage:
    within = [
        (label, Span(start=max(span.start, limits.start), end=min(span.end, limits.end)))
        for label, span in spans
        if span.end > limits.start and span.start < limits.end
    ]
    service = meter.service
    flow: Flow = "net" if "net" in service.flows else "forward"
    period = Span(start=within[0][1].start, end=within[-1][1].end)
    readings = read_meter(territory_of(sandbox, share), service, period, flow=flow, as_of=share.now)
    units = UNITS_PER_BILL_UNIT[service.kind]
    first, last = _days_of(share, limits)
    return Usage(
        day=day,
        first=first,
        last=last,
        measured=tuple(
            Measured(start=part.start, label=label, amount=Decimal(readings.within(part).total) / units)
            for label, part in within
        ),
    )


def _days_of(share: Share, limits: Span) -> tuple[date, date]:
    last = limits.end - timedelta(microseconds=1)
    return limits.start.astimezone(share.zone).date(), last.astimezone(share.zone).date()


def _day(share: Share, day: date) -> Span:
    return Span(
        start=local_midnight(day, share.zone), end=local_midnight(day + timedelta(days=1), share.zone)
    )
