"""Computes the line items of a bill under a tariff. The only place that rounds money (half up, to the cent)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from mock_server.domain.records import Service, Tariff, TariffPrice, Tier, Window
from mock_server.domain.time.periods import Span, local_midnight
from mock_server.domain.time.zones import offsets
from mock_server.domain.usage.arrays import Flags, Ints, np
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Readings
from mock_server.domain.usage.simulation import is_offday

LineKind: TypeAlias = Literal["fixed", "energy", "demand", "credit", "tax"]

_CENT = Decimal("0.01")
_DAY = 86_400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """A line of a bill for a span. `cost` is in dollars, `rate` in dollars per `unit`, `volume` in units.

    `bucket` is the time-of-use period, `tier` counts from 1; None if the line has none. A tax's `rate` is a fraction.
    """

    name: str
    kind: LineKind
    span: Span
    cost: Decimal
    volume: Decimal | None = None
    unit: str | None = None
    rate: Decimal | None = None
    tier: int | None = None
    bucket: str | None = None


@dataclass(frozen=True, kw_only=True)
class Peak:
    """The highest mean power of an interval in watts, and the end of that interval in epoch seconds."""

    watts: int
    ended: int


def charges(
    service: Service, tariff: Tariff, zone: ZoneInfo, period: Span, *, delivered: Readings, received: Readings
) -> tuple[LineItem, ...]:
    """Returns the line items of a bill: fixed charge, energy and credit of each price segment, demand, taxes."""
    segments = list(price_segments(tariff, zone, period))
    lines = [
        line
        for price, span in segments
        for line in _segment_lines(service, tariff, zone, period, span, price, delivered, received)
    ]
    first_price, _ = segments[0]
    peak = peak_of(delivered) if service.kind == "electric" else None
    if peak is not None and first_price.demand_price is not None:
        kilowatts = Decimal(peak.watts) / 1000
        lines.append(
            _priced_line("Demand charge", "demand", period, kilowatts, "kw", first_price.demand_price)
        )
    subtotal = sum((line.cost for line in lines), Decimal())
    taxed = max(subtotal, Decimal())
    taxes = [
        LineItem(name=tax.name, kind="tax", span=period, cost=cents(taxed * tax.rate), rate=tax.rate)
        for tax in tariff.taxes
    ]
    return (*lines, *taxes)


def price_segments(tariff: Tariff, zone: ZoneInfo, period: Span) -> Iterator[tuple[TariffPrice, Span]]:
    """Yields the parts of a period with their prices. The first price also applies before its date."""
    starts = [local_midnight(price.effective, zone) for price in tariff.prices]
    for index, price in enumerate(tariff.prices):
        begin = period.start if index == 0 else max(starts[index], period.start)
        is_last = index + 1 == len(starts)
        end = period.end if is_last else min(starts[index + 1], period.end)
        if begin < end:
            yield price, Span(start=begin, end=end)


def peak_of(delivered: Readings) -> Peak | None:
    """Returns the first interval with the highest demand, of readings in Wh; None without readings."""
    if not len(delivered.values):
        return None
    index = int(delivered.values.argmax())
    watts = int(delivered.values[index]) * 3600 // delivered.interval_seconds
    return Peak(watts=watts, ended=int(delivered.starts[index]) + delivered.interval_seconds)


def cents(amount: Decimal) -> Decimal:
    """Rounds dollars to the cent, half away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def window_indexes(price: TariffPrice, zone: ZoneInfo, starts: Ints) -> Ints:
    """Returns the index in `price.windows` for each start of a reading in epoch seconds (n,), as (n,) int64."""
    local = starts + offsets(zone, starts)
    day, hour = local // _DAY, local % _DAY // 3600
    months = np.array([(_EPOCH + timedelta(days=int(number))).month for number in np.unique(day)])
    month = months[np.searchsorted(np.unique(day), day)]
    offday = is_offday(day)
    matches = [_matches(window, month, hour, offday) for window in price.windows]
    return np.asarray(np.argmax(np.array(matches), axis=0), dtype=np.int64)


def _matches(window: Window, month: Ints, hour: Ints, offday: Flags) -> Flags:
    begin, end = window.hours
    inside = np.isin(month, window.months) & (hour >= begin) & (hour < end)
    if window.days == "workdays":
        inside &= ~offday
    if window.days == "offdays":
        inside &= offday
    return np.asarray(inside)


def _segment_lines(
    service: Service,
    tariff: Tariff,
    zone: ZoneInfo,
    period: Span,
    span: Span,
    price: TariffPrice,
    delivered: Readings,
    received: Readings,
) -> Iterator[LineItem]:
    share = Decimal(span.seconds) / Decimal(period.seconds)
    fixed = cents(price.fixed_charge * share)
    yield LineItem(name="Customer charge", kind="fixed", span=span, cost=fixed)
    used = delivered.within(span)
    if price.windows:
        yield from _window_lines(service, tariff, zone, span, price, used)
    else:
        yield from _tier_lines(service, tariff, span, price, used.total, share)
    returned = received.within(span).total
    if returned and price.credit_price is not None:
        volume = Decimal(returned) / UNITS_PER_BILL_UNIT[service.kind]
        yield _priced_line("Net metering credit", "credit", span, volume, tariff.unit, -price.credit_price)


def _window_lines(
    service: Service, tariff: Tariff, zone: ZoneInfo, span: Span, price: TariffPrice, used: Readings
) -> Iterator[LineItem]:
    indexes = window_indexes(price, zone, used.starts)
    for number, window in enumerate(price.windows):
        volume = Decimal(int(used.values[indexes == number].sum())) / UNITS_PER_BILL_UNIT[service.kind]
        if volume:
            name = f"{window.name} energy"
            yield _priced_line(name, "energy", span, volume, tariff.unit, window.price, bucket=window.name)


def _tier_lines(
    service: Service, tariff: Tariff, span: Span, price: TariffPrice, used: int, share: Decimal
) -> Iterator[LineItem]:
    """Yields a line per tier. Limits are proportional to the segment's share of the period."""
    units, below = UNITS_PER_BILL_UNIT[service.kind], 0
    several = len(price.tiers) > 1
    for number, tier in enumerate(price.tiers, start=1):
        bound = tier_limit(tier, units, share)
        limit = used if bound is None else min(used, bound)
        volume = Decimal(limit - below) / units
        if volume or number == 1:
            name = f"Energy, tier {number}" if several else "Energy charge"
            level = number if several else None
            yield _priced_line(name, "energy", span, volume, tariff.unit, tier.price, tier=level)
        below = max(below, limit)


def tier_limit(tier: Tier, units: int, share: Decimal) -> int | None:
    """Returns the limit of a tier in the meter's resolution, rounded down; None if unlimited.

    `units` is the number of meter units per bill unit, `share` the segment's fraction of the billing period.
    """
    return None if tier.up_to is None else int(tier.up_to * units * share)


def _priced_line(
    name: str,
    kind: LineKind,
    span: Span,
    volume: Decimal,
    unit: str,
    rate: Decimal,
    *,
    tier: int | None = None,
    bucket: str | None = None,
) -> LineItem:
    cost = cents(volume * rate)
    return LineItem(
        name=name,
        kind=kind,
        span=span,
        cost=cost,
        volume=volume,
        unit=unit,
        rate=rate,
        tier=tier,
        bucket=bucket,
    )
