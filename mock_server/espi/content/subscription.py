"""The usage entries of an authorization, in order. The scope determines which ones."""

from collections.abc import Iterable, Iterator
from functools import partial

from mock_server.actions.reading.shares import ReadingSet, SharedMeter, issued_bill_periods, reading_sets
from mock_server.domain.billing.bills import billed_again
from mock_server.domain.consent.consent import BILL_BLOCKS, PRESENT_BLOCKS, QUALITY_BLOCK, USAGE_BLOCK
from mock_server.domain.usage.simulation import corrections
from mock_server.espi.content.reading_series import ReadingSeries, series_of
from mock_server.espi.content.reading_sets import reading_set_entries
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.content.summaries import quality_entries, summary_entries
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import CachedSection, Entry, payload
from mock_server.espi.feed.ids import EVERYTHING, Place, Wish
from mock_server.espi.xml import usage
from mock_server.espi.xml.local_time import local_time, local_time_parameters
from mock_server.espi.xml.spelling import USAGE


def usage_entries(
    subscription: Subscription, meters: Iterable[SharedMeter], wish: Wish = EVERYTHING
) -> Iterator[Entry]:
    """The requested entries of these meters, in the order of the real system's batches."""
    for part in usage_parts(subscription, meters, wish):
        yield from part.entries() if isinstance(part, CachedSection) else (part,)


def usage_parts(
    subscription: Subscription, meters: Iterable[SharedMeter], wish: Wish = EVERYTHING
) -> Iterator[Entry | CachedSection]:
    """The same entries. If everything is requested, past periods and bills are cached sections."""
    for meter in meters:
        if wish.covers(ids.usage_point(meter.meter)):
            yield usage_point(subscription, meter)
        if wish.covers(ids.local_time(meter.meter)):
            yield local_time_entry(subscription, meter)
        published = series_of(meter.service, subscription.blocks)
        for readings in reading_sets(subscription.sandbox, subscription.share, meter):
            for series in published:
                yield from _set_parts(subscription, meter, readings, series, wish)
        if wish.reaches(ids.usage_summaries(meter.meter)):
            yield from _bill_parts(subscription, meter, wish)
        if wish.reaches(ids.quality_summaries(meter.meter)):
            yield from quality_entries(subscription, meter, wish)


def _set_parts(
    subscription: Subscription, shared: SharedMeter, readings: ReadingSet, series: ReadingSeries, wish: Wish
) -> Iterator[Entry | CachedSection]:
    entries = partial(reading_set_entries, subscription, shared, readings, series, wish)
    if wish != EVERYTHING or readings.visible.end < readings.period.end:
        yield from entries()
        return
    share = subscription.share
    corrected = corrections(shared.service, share.zone, readings.visible)
    known = tuple(instant for _, instant in corrected if instant <= share.now)
    yield CachedSection(
        key=(subscription.origin, shared.meter.uid, readings, series.suffix, known), entries=entries
    )


def _bill_parts(
    subscription: Subscription, shared: SharedMeter, wish: Wish
) -> Iterator[Entry | CachedSection]:
    entries = partial(summary_entries, subscription, shared, wish)
    if wish != EVERYTHING or PRESENT_BLOCKS & subscription.blocks:
        yield from entries()
        return
    share = subscription.share
    periods = tuple(issued_bill_periods(share, shared))
    rebilled = tuple(billed_again(shared.service, share.zone, period, as_of=share.now) for period in periods)
    yield CachedSection(key=(subscription.origin, shared.meter.uid, periods, rebilled), entries=entries)


def usage_point(subscription: Subscription, shared: SharedMeter) -> Entry:
    """A meter, with links to its collections."""
    place, blocks = ids.usage_point(shared.meter), subscription.blocks
    has_quality = QUALITY_BLOCK in blocks and shared.service.kind == "electric"
    collections: list[tuple[bool, Place]] = [
        (USAGE_BLOCK in blocks, (*place, "MeterReading")),
        (bool(BILL_BLOCKS & blocks), ids.usage_summaries(shared.meter)),
        (has_quality, ids.quality_summaries(shared.meter)),
    ]
    return Entry(
        place=place,
        family=USAGE,
        related=(
            *(collection for is_shared, collection in collections if is_shared),
            ids.local_time(shared.meter),
        ),
        published=shared.meter.created,
        payload=payload(usage.usage_point(subscription.make, shared.service)),
    )


def local_time_entry(subscription: Subscription, shared: SharedMeter) -> Entry:
    """The time zone of a meter."""
    share = subscription.share
    return Entry(
        place=ids.local_time(shared.meter),
        family=USAGE,
        published=shared.meter.created,
        payload=payload(local_time_parameters(subscription.make, local_time(share.zone, share.now.year))),
    )
