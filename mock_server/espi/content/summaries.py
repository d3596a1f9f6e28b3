"""Entries about billing periods: UsageSummaries and power quality."""

from collections.abc import Iterator
from datetime import datetime

from mock_server.actions.reading.shares import (
    SharedMeter,
    bill_uid,
    issued_bill_periods,
    issued_meter_periods,
    readable_span,
    readable_span_of,
    shared_bill,
)
from mock_server.domain.billing.bills import Bill, billed_again, issue_of
from mock_server.domain.billing.period_to_date import Progress, progress_of
from mock_server.domain.consent.consent import (
    BILLS_BLOCK,
    PRESENT_BLOCKS,
    PRESENT_COST_BLOCK,
    PRESENT_USE_BLOCK,
    QUALITY_BLOCK,
)
from mock_server.domain.time.periods import Span, billing_periods
from mock_server.domain.usage.power import power_quality
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, payload
from mock_server.espi.feed.ids import Wish
from mock_server.espi.xml import summary
from mock_server.espi.xml.power_quality import power_quality_summary
from mock_server.espi.xml.spelling import USAGE
from mock_server.espi.xml.summary import SummaryContent


def summary_entries(
    subscription: Subscription, shared: SharedMeter, wish: Wish, *, name: str = "UsageSummary"
) -> Iterator[Entry]:
    """The requested bills under the present or former name of UsageSummary. Other bills are not computed."""
    share = subscription.share
    periods = issued_bill_periods(share, shared)
    for period in periods:
        place = (*ids.usage_summaries(shared.meter, name), bill_uid(shared.meter.uid, period))
        rebilled = billed_again(shared.service, share.zone, period, as_of=share.now)
        present = _present(subscription, shared, period) if period is periods[-1] else None
        changed = max(filter(None, (rebilled, present and present[1])), default=None)
        if wish.fits(place, period, changed or issue_of(period, share.zone)):
            bill = shared_bill(subscription.sandbox, share, shared, period)
            content = _content(subscription, shared, bill, present[0] if present else None)
            yield _summary(subscription, shared, bill, name, content, changed)


def _summary(
    subscription: Subscription,
    shared: SharedMeter,
    bill: Bill,
    name: str,
    content: SummaryContent,
    changed: datetime | None,
) -> Entry:
    uid = bill_uid(shared.meter.uid, bill.period)
    return Entry(
        place=(*ids.usage_summaries(shared.meter, name), uid),
        family=USAGE,
        related=(ids.usage_point(shared.meter),),
        pdf_urls=(subscription.render_context.links.bill_pdf(uid, bill.statement_date),)
        if content.costs
        else (),
        published=bill.published,
        updated=changed,
        payload=payload(summary.usage_summary(subscription.make, shared.service, bill, content, name=name)),
    )


def _present(subscription: Subscription, shared: SharedMeter, newest: Span) -> tuple[Span, datetime] | None:
    """The readings after the newest bill, and when they were published.

    The newest summary includes them if that was granted (ESPI 4.0 UsageSummary).
    """
    if not PRESENT_BLOCKS & subscription.blocks:
        return None
    sandbox, share = subscription.sandbox, subscription.share
    end = (readable_span_of(sandbox, share, shared) or readable_span(sandbox, share)).end
    if end <= newest.end:
        return None
    return Span(start=newest.end, end=end), end + subscription.lag


def _content(
    subscription: Subscription, shared: SharedMeter, bill: Bill, present: Span | None
) -> SummaryContent:
    """The parts of a summary that the granted function blocks allow."""
    blocks = subscription.blocks
    progress = None
    if present is not None:
        progress = _progress(subscription, shared, present)
    elif PRESENT_USE_BLOCK in blocks:
        progress = _progress(subscription, shared, bill.period)
    return SummaryContent(
        costs=BILLS_BLOCK in blocks,
        cost_to_date=PRESENT_COST_BLOCK in blocks,
        days=PRESENT_USE_BLOCK in blocks,
        progress=progress,
    )


def _progress(subscription: Subscription, shared: SharedMeter, known: Span) -> Progress:
    share = subscription.share
    periods = billing_periods(share.zone, start=known.start, end=known.end, read_day=shared.account.read_day)
    *_, period = periods
    return progress_of(
        subscription.territory, shared.service, shared.tariff, period, until=known.end, as_of=share.now
    )


def quality_entries(subscription: Subscription, shared: SharedMeter, wish: Wish) -> Iterator[Entry]:
    """The power quality in each billed period of an electric meter, if it was granted."""
    if QUALITY_BLOCK not in subscription.blocks or shared.service.kind != "electric":
        return
    share, collection = subscription.share, ids.quality_summaries(shared.meter)
    for period in issued_meter_periods(share, shared):
        place, published = (*collection, bill_uid(shared.meter.uid, period)), issue_of(period, share.zone)
        if not wish.fits(place, period, published):
            continue
        quality = power_quality(subscription.territory.random, shared.service, period)
        yield Entry(
            place=place,
            family=USAGE,
            related=(ids.usage_point(shared.meter),),
            published=published,
            payload=payload(power_quality_summary(subscription.make, quality, period)),
        )
