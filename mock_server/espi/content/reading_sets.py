"""Entries of one series in one billing period: MeterReading, ReadingType, and a block per local day."""

from collections.abc import Iterator
from functools import lru_cache

from mock_server.actions.reading.shares import ReadingSet, SharedMeter, interval_uid
from mock_server.domain.billing.costs import Priced, price_readings
from mock_server.domain.consent.consent import COST_BLOCK
from mock_server.domain.records import Service
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.power import power_factor
from mock_server.domain.usage.readings import Readings
from mock_server.domain.usage.simulation import read_meter
from mock_server.espi.content.reading_series import ReadingSeries
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, payload
from mock_server.espi.feed.ids import Place, Wish
from mock_server.espi.feed.interval_blocks import Day, days_with_readings, write_days, write_priced_days
from mock_server.espi.xml import usage
from mock_server.espi.xml.spelling import USAGE, Spelling


def reading_set_entries(
    subscription: Subscription, shared: SharedMeter, readings: ReadingSet, series: ReadingSeries, wish: Wish
) -> Iterator[Entry]:
    """The requested entries of one series in one billing period.

    If a batch has time limits, a period without a matching block has no entries.
    """
    make, meter = subscription.make, shared.meter
    set_id = f"{interval_uid(meter.uid, readings)}_{series.suffix}"
    place, kind = ids.meter_reading(meter, set_id), ids.reading_type(meter, set_id)
    blocks = ids.interval_blocks(meter, set_id)
    days = _days(subscription, shared, blocks, readings, wish) if wish.reaches(blocks) else []
    if wish.place is None and wish.query.is_bounded and not days:
        return
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
            payload=_reading_type(make, shared.service, series),
        )
    if days:
        yield from _blocks(subscription, shared, blocks, readings, series, days)


def _days(
    subscription: Subscription, shared: SharedMeter, collection: Place, readings: ReadingSet, wish: Wish
) -> list[Day]:
    """The days whose blocks are requested."""
    share, span = subscription.share, readings.visible
    published = days_with_readings(shared.service, share.zone, span, lag=subscription.lag, as_of=share.now)
    return [
        day
        for day in published
        if wish.fits((*collection, ids.block_number(day.position)), day.span, day.corrected or day.published)
    ]


@lru_cache(maxsize=1000)  # the same in every period
def _reading_type(make: Spelling, service: Service, series: ReadingSeries) -> bytes:
    return payload(usage.reading_type(make, service, series))


def _blocks(
    subscription: Subscription,
    shared: SharedMeter,
    collection: Place,
    readings: ReadingSet,
    series: ReadingSeries,
    days: list[Day],
) -> Iterator[Entry]:
    """A block for each of these days. Other days are not computed."""
    write = _plain_days
    if COST_BLOCK in subscription.blocks:
        write = _priced_days if series.has_cost else _zero_cost_days
    for day, block in write(subscription, shared, readings.period, series, days):
        yield Entry(
            place=(*collection, ids.block_number(day.position)),
            family=USAGE,
            published=day.published,
            updated=day.corrected,
            payload=block,
        )


def _plain_days(
    subscription: Subscription, shared: SharedMeter, period: Span, series: ReadingSeries, days: list[Day]
) -> Iterator[tuple[Day, bytes]]:
    read = _measured(subscription, shared, series, days)
    return write_days(subscription.make, read, days, scale=series.scale)


def _zero_cost_days(
    subscription: Subscription, shared: SharedMeter, period: Span, series: ReadingSeries, days: list[Day]
) -> Iterator[tuple[Day, bytes]]:
    """Demand is charged on the bill, not per interval. Certification requires an explicit cost of 0."""
    read = _measured(subscription, shared, series, days)
    free = Priced.free(len(read.starts))
    return write_priced_days(subscription.make, read, free, days, scale=series.scale)


def _measured(
    subscription: Subscription, shared: SharedMeter, series: ReadingSeries, days: list[Day]
) -> Readings:
    share, service = subscription.share, shared.service
    span = Span(start=days[0].span.start, end=days[-1].span.end)
    energy = read_meter(subscription.territory, service, span, flow=series.flow, as_of=share.now)
    return series.measured(energy, power_factor(subscription.territory.random, service))


def _priced_days(
    subscription: Subscription, shared: SharedMeter, period: Span, series: ReadingSeries, days: list[Day]
) -> Iterator[tuple[Day, bytes]]:
    """A cost depends on the usage since the period began, so readings are computed from there."""
    known = Span(start=period.start, end=days[-1].span.end)
    read, priced = _price(subscription, shared, period, series, known)
    first = int(np.searchsorted(read.starts, round(days[0].span.start.timestamp())))
    requested = slice(first, len(read.starts))
    return write_priced_days(subscription.make, read[requested], priced[requested], days, scale=series.scale)


def _price(
    subscription: Subscription, shared: SharedMeter, period: Span, series: ReadingSeries, known: Span
) -> tuple[Readings, Priced]:
    territory, service, now = subscription.territory, shared.service, subscription.share.now
    read = read_meter(territory, service, known, flow=series.flow, as_of=now)
    is_delivered, is_received = series.flow == "forward", series.flow == "reverse"
    delivered = read if is_delivered else read_meter(territory, service, known, flow="forward", as_of=now)
    received = (
        read
        if is_delivered or is_received
        else read_meter(territory, service, known, flow="reverse", as_of=now)
    )
    priced = price_readings(
        service,
        shared.tariff,
        territory.zone,
        period,
        flow=series.flow,
        delivered=delivered,
        received=received,
    )
    return read, priced
