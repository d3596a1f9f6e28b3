"""What an authorization shows of usage: which entries, in which order. The scope decides what appears."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, lru_cache, partial

from mock_server import __version__
from mock_server.actions.shares import (
    ReadingSet,
    Share,
    SharedMeter,
    bill_uid,
    interval_uid,
    issued_bill_periods,
    reading_sets,
    shared_bill,
    territory_of,
)
from mock_server.core.bills import Bill, billed_again, issue_of
from mock_server.core.consent import BILL_BLOCKS, USAGE_BLOCK
from mock_server.core.periods import Span
from mock_server.core.readings import Territory
from mock_server.core.records import Flow, Service
from mock_server.core.usage import corrections, read_meter
from mock_server.espi import ids
from mock_server.espi.codes import COMMODITIES, FLOWS
from mock_server.espi.feed import Chapter, Entry, Paper, payload
from mock_server.espi.ids import EVERYTHING, Place, Wish
from mock_server.espi.kept import version_of
from mock_server.espi.readings import days_with_readings, write_days
from mock_server.espi.xml import summary, usage
from mock_server.espi.xml.local_time import local_time, local_time_parameters
from mock_server.espi.xml.spelling import USAGE, Spelling
from mock_server.sandbox import Sandbox


@dataclass(frozen=True)
class Subscription:
    """One authorization's usage data, to be written on one paper."""

    sandbox: Sandbox
    paper: Paper
    share: Share

    @cached_property
    def make(self) -> Spelling:
        """How the payloads are written."""
        return self.paper.spelling(USAGE)

    @cached_property
    def territory(self) -> Territory:
        """Where the meters hang."""
        return territory_of(self.sandbox, self.share)

    @cached_property
    def origin(self) -> str:
        """A name for all that the data follows from, but the time."""
        timeless = replace(self.share, now=self.share.authorization.created)
        return version_of(*settled(self.sandbox), timeless)

    @property
    def lag(self) -> timedelta:
        """How long after its end a block is published."""
        return timedelta(hours=self.sandbox.settings.publication_lag_hours)


def settled(sandbox: Sandbox) -> tuple[object, ...]:
    """What all data of a running server follows from."""
    return (
        __version__,
        sandbox.chance.seed,
        sandbox.fixtures.utility,
        sandbox.settings.publication_lag_hours,
    )


def usage_entries(
    subscription: Subscription, meters: Iterable[SharedMeter], wish: Wish = EVERYTHING
) -> Iterator[Entry]:
    """What is asked for of the given meters, in the order of the real system's batches."""
    for part in usage_parts(subscription, meters, wish):
        yield from part.entries() if isinstance(part, Chapter) else (part,)


def usage_parts(
    subscription: Subscription, meters: Iterable[SharedMeter], wish: Wish = EVERYTHING
) -> Iterator[Entry | Chapter]:
    """The same; where everything is asked for, billing periods that are over, and bills, are chapters."""
    for meter in meters:
        if wish.covers(ids.usage_point(meter.meter)):
            yield usage_point(subscription, meter)
        if wish.covers(ids.local_time(meter.meter)):
            yield local_time_entry(subscription, meter)
        for readings in reading_sets(subscription.sandbox, subscription.share, meter):
            for flow in meter.service.flows:
                yield from _set_parts(subscription, meter, readings, flow, wish)
        if wish.reaches(ids.usage_summaries(meter.meter)):
            yield from _bill_parts(subscription, meter, wish)


def _set_parts(
    subscription: Subscription, shared: SharedMeter, readings: ReadingSet, flow: Flow, wish: Wish
) -> Iterator[Entry | Chapter]:
    entries = partial(_reading_set, subscription, shared, readings, flow, wish)
    if wish != EVERYTHING or readings.visible.end < readings.period.end:
        yield from entries()
        return
    share = subscription.share
    made = corrections(shared.service, share.zone, readings.visible)
    known = tuple(instant for _, instant in made if instant <= share.now)
    yield Chapter(key=(subscription.origin, shared.meter.uid, readings, flow, known), entries=entries)


def _bill_parts(subscription: Subscription, shared: SharedMeter, wish: Wish) -> Iterator[Entry | Chapter]:
    entries = partial(summary_entries, subscription, shared, wish)
    if wish != EVERYTHING:
        yield from entries()
        return
    share = subscription.share
    periods = tuple(issued_bill_periods(share, shared))
    again = tuple(billed_again(shared.service, share.zone, period, as_of=share.now) for period in periods)
    yield Chapter(key=(subscription.origin, shared.meter.uid, periods, again), entries=entries)


def usage_point(subscription: Subscription, shared: SharedMeter) -> Entry:
    """A meter, with links to what it has."""
    place = ids.usage_point(shared.meter)
    blocks = subscription.share.function_blocks
    readings: tuple[Place, ...] = ((*place, "MeterReading"),) if USAGE_BLOCK in blocks else ()
    bills = (ids.usage_summaries(shared.meter),) if BILL_BLOCKS & blocks else ()
    return Entry(
        place=place,
        family=USAGE,
        related=(*readings, *bills, ids.local_time(shared.meter)),
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


def usage_summary(
    subscription: Subscription, shared: SharedMeter, bill: Bill, name: str = "UsageSummary"
) -> Entry:
    """A bill."""
    uid = bill_uid(shared.meter.uid, bill.period)
    return Entry(
        place=(*ids.usage_summaries(shared.meter, name), uid),
        family=USAGE,
        related=(ids.usage_point(shared.meter),),
        papers=(subscription.paper.links.bill_pdf(uid, bill.statement_date),),
        published=bill.published,
        updated=bill.billed_again,
        payload=payload(summary.usage_summary(subscription.make, shared.service, bill, name)),
    )


def summary_entries(
    subscription: Subscription, shared: SharedMeter, wish: Wish, *, name: str = "UsageSummary"
) -> Iterator[Entry]:
    """The bills that are asked for, under the summaries' name or their former one; no other is worked out."""
    share = subscription.share
    for period in issued_bill_periods(share, shared):
        place = (*ids.usage_summaries(shared.meter, name), bill_uid(shared.meter.uid, period))
        again = billed_again(shared.service, share.zone, period, as_of=share.now)
        if wish.fits(place, period, again or issue_of(period, share.zone)):
            bill = shared_bill(subscription.sandbox, share, shared, period)
            yield usage_summary(subscription, shared, bill, name)


def _reading_set(
    subscription: Subscription, shared: SharedMeter, readings: ReadingSet, flow: Flow, wish: Wish
) -> Iterator[Entry]:
    """One flow in one billing period: MeterReading, ReadingType, then a block for each local day."""
    make, meter, code = subscription.make, shared.meter, FLOWS[flow]
    set_id = ids.reading_set_id(interval_uid(meter.uid, readings), shared.service.kind, code)
    place, kind = ids.meter_reading(meter, set_id), ids.reading_type(meter, set_id)
    blocks = ids.interval_blocks(meter, set_id)
    if wish.covers(place):
        yield Entry(
            place=place,
            family=USAGE,
            related=(ids.usage_point(meter), blocks, kind),
            published=meter.created,
            payload=payload(usage.meter_reading(make)),
        )
    if wish.covers(kind):
        yield Entry(
            place=kind,
            family=USAGE,
            published=meter.created,
            payload=_reading_type(make, shared.service, code),
        )
    if wish.reaches(blocks):
        yield from _blocks(subscription, shared, blocks, readings.visible, flow, wish)


@lru_cache(maxsize=1000)  # the same for each period
def _reading_type(make: Spelling, service: Service, code: int) -> bytes:
    return payload(usage.reading_type(make, service, code))


def _blocks(
    subscription: Subscription, shared: SharedMeter, collection: Place, span: Span, flow: Flow, wish: Wish
) -> Iterator[Entry]:
    """The days that are asked for, and no others, are read."""
    share, service = subscription.share, shared.service
    every = days_with_readings(service, share.zone, span, lag=subscription.lag, as_of=share.now)
    days = [
        day
        for day in every
        if wish.fits((*collection, ids.block_number(day.position)), day.span, day.corrected or day.published)
    ]
    if not days:
        return
    asked = Span(start=days[0].span.start, end=days[-1].span.end)
    read = read_meter(subscription.territory, service, asked, flow=flow, as_of=share.now)
    scale = COMMODITIES[service.kind].scale
    for day, block in write_days(subscription.make, read, days, scale=scale):
        yield Entry(
            place=(*collection, ids.block_number(day.position)),
            family=USAGE,
            published=day.published,
            updated=day.corrected,
            payload=block,
        )
