"""What became visible to a client between two instants: the news that time alone brings."""

from dataclasses import dataclass, replace
from datetime import datetime

from mock_server.actions.shares import (
    Share,
    SharedMeter,
    issued_bill_periods,
    readable_span,
    reading_sets,
)
from mock_server.core.periods import Span
from mock_server.core.usage import corrections
from mock_server.sandbox import Sandbox


@dataclass(frozen=True, kw_only=True)
class News:
    """What one meter brought: the span of new readings, if any, days corrected, and periods billed."""

    meter: SharedMeter
    readings: Span | None
    corrected: tuple[Span, ...]
    bills: tuple[Span, ...]


def published_between(sandbox: Sandbox, share: Share, *, since: datetime, until: datetime) -> list[News]:
    """What the client could see at `until` and not yet at `since`, by meter; meters without news are left out.

    Nothing is published by an authorization that has ended.
    """
    before, after = replace(share, now=since), replace(share, now=until)
    found = []
    for meter in share.meters:
        readings = _new_readings(sandbox, before, after, meter)
        billed = issued_bill_periods(before, meter)
        bills = tuple(period for period in issued_bill_periods(after, meter) if period not in billed)
        corrected = _corrected(sandbox, after, meter, since=since)
        if (readings or corrected or bills) and share.authorization.status_at(until) == "active":
            found.append(News(meter=meter, readings=readings, corrected=corrected, bills=bills))
    return found


def _new_readings(sandbox: Sandbox, before: Share, after: Share, meter: SharedMeter) -> Span | None:
    if not reading_sets(sandbox, after, meter):
        return None
    start, end = readable_span(sandbox, before).end, readable_span(sandbox, after).end
    return Span(start=start, end=end) if start < end else None


def _corrected(sandbox: Sandbox, after: Share, meter: SharedMeter, *, since: datetime) -> tuple[Span, ...]:
    """The days whose estimates gave way to true readings meanwhile."""
    days = (
        found
        for readings in reading_sets(sandbox, after, meter)
        for found in corrections(meter.service, after.zone, readings.visible)
    )
    return tuple(day for day, instant in days if since < instant <= after.now)
