"""Computes the data that became visible to a client between two instants, and the instant of the last change."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mock_server.actions.reading.shares import (
    Share,
    SharedMeter,
    issued_bill_periods,
    readable_span,
    readable_span_of,
    reading_sets,
)
from mock_server.domain.billing.bills import billed_again, issue_of
from mock_server.domain.consent.consent import PRESENT_BLOCKS, USAGE_BLOCK
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.simulation import corrections
from mock_server.sandbox import Sandbox


@dataclass(frozen=True, kw_only=True)
class News:
    """A meter's new data: the span of new readings, if any, the corrected days and the billed periods."""

    meter: SharedMeter
    readings: Span | None
    corrected: tuple[Span, ...]
    bills: tuple[Span, ...]


def published_between(sandbox: Sandbox, share: Share, *, since: datetime, until: datetime) -> list[News]:
    """The data that the client can see at `until` but not at `since`, by meter. Meters without news are left out.

    An authorization that has ended publishes nothing.
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


def at_last_change(sandbox: Sandbox, share: Share, *, with_readings: bool = True) -> Share:
    """The share as of the last change of its data, which is the same then as now.

    Without readings, only bills count. If the clock was set back, later changes do not count. Data that is collected
    step by step counts as changing all the time, so such a share is returned unchanged.
    """
    if share.authorization.waits_for_collection or any(one.meter.monitoring_set for one in share.meters):
        return share
    instants = [share.authorization.created, *_bill_changes(share)]
    if with_readings and share.function_blocks & {USAGE_BLOCK, *PRESENT_BLOCKS}:
        instants += _reading_changes(sandbox, share)
    return replace(share, now=min(share.now, max(instants)))


def _reading_changes(sandbox: Sandbox, share: Share) -> list[datetime]:
    """When the newest readings and each correction were published."""
    readable = readable_span(sandbox, share)
    if readable.start == readable.end:
        return []
    corrected = [
        instant
        for meter in share.meters
        for _, instant in corrections(meter.service, share.zone, readable)
        if instant <= share.now
    ]
    return [readable.end + timedelta(hours=sandbox.settings.publication_lag_hours), *corrected]


def _bill_changes(share: Share) -> list[datetime]:
    """When the newest bill was issued, and when bills were reissued."""
    periods = {meter.account.read_day: issued_bill_periods(share, meter) for meter in share.meters}
    issued = [issue_of(found[-1], share.zone) for found in periods.values() if found]
    reissued = (
        billed_again(meter.service, share.zone, period, as_of=share.now)
        for meter in share.meters
        if meter.service.flaws
        for period in periods[meter.account.read_day]
    )
    return [*issued, *filter(None, reissued)]


def _new_readings(sandbox: Sandbox, before: Share, after: Share, meter: SharedMeter) -> Span | None:
    """The span of new readings. If a collection added older readings, the complete span counts as new."""
    known, seen = readable_span_of(sandbox, before, meter), readable_span_of(sandbox, after, meter)
    if seen is None or seen.start == seen.end:
        return None
    if known is None or seen.start < known.start:
        return seen
    return Span(start=known.end, end=seen.end) if known.end < seen.end else None


def _corrected(sandbox: Sandbox, after: Share, meter: SharedMeter, *, since: datetime) -> tuple[Span, ...]:
    """The days whose estimates were replaced by actual readings after `since`."""
    days = (
        found
        for readings in reading_sets(sandbox, after, meter)
        for found in corrections(meter.service, after.zone, readings.visible)
    )
    return tuple(day for day, instant in days if since < instant <= after.now)
