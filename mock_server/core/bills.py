"""What readings cost: one bill per service and billing period, exact to the cent.

Money is rounded half up to the cent in each line item, and nowhere else; a total is the sum of its items.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from mock_server.core.periods import Span, billing_periods, local_midnight
from mock_server.core.records import Service, Tariff, TariffPrice
from mock_server.core.usage import UNITS_PER_BILL_UNIT, Territory, read_meter

STATEMENT_DELAY = timedelta(days=3)
_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """One line of a bill; volume, unit and rate are None for fixed charges. `cost` is in dollars."""

    name: str
    cost: Decimal
    volume: Decimal | None = None
    unit: str | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A service's bill. `usage` is in the meter's resolution, `volume` in the tariff's unit, money in dollars."""

    period: Span
    statement_date: date
    published: datetime
    usage: int
    volume: Decimal
    unit: str
    line_items: tuple[LineItem, ...]

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return sum((item.cost for item in self.line_items), Decimal())


def list_bills(
    territory: Territory, service: Service, tariff: Tariff, *, start: datetime, now: datetime
) -> list[Bill]:
    """The bills issued by `now` for periods that began at `start` or later, oldest first."""
    periods = issued_periods(territory.zone, start=start, now=now)
    return [make_bill(territory, service, tariff, period) for period in periods]


def issued_periods(zone: ZoneInfo, *, start: datetime, now: datetime) -> list[Span]:
    """The billing periods that began at `start` or later and were billed by `now`, oldest first."""
    periods = billing_periods(zone, start=start, end=now)
    return [period for period in periods if period.start >= start and _published(period, zone) <= now]


def make_bill(territory: Territory, service: Service, tariff: Tariff, period: Span) -> Bill:
    """The bill of one billing period, whether or not it was issued yet."""
    zone = territory.zone
    usage = read_meter(territory, service, period, flow="net").total
    volume = Decimal(usage) / UNITS_PER_BILL_UNIT[service.kind]
    published = _published(period, zone)
    price = _price_on(tariff, period.start.astimezone(zone).date())
    return Bill(
        period=period,
        statement_date=published.astimezone(zone).date(),
        published=published,
        usage=usage,
        volume=volume,
        unit=tariff.unit,
        line_items=(
            LineItem(name="Customer charge", cost=_cents(price.fixed_charge)),
            LineItem(
                name="Usage charge",
                cost=_cents(volume * price.unit_price),
                volume=volume,
                unit=tariff.unit,
                rate=price.unit_price,
            ),
        ),
    )


def _published(period: Span, zone: ZoneInfo) -> datetime:
    """The beginning of the local day on which the statement is made."""
    return local_midnight((period.end + STATEMENT_DELAY).astimezone(zone).date(), zone)


def _price_on(tariff: Tariff, day: date) -> TariffPrice:
    """The price in force on a local day; the first one also before its date."""
    in_force = [price for price in tariff.prices if price.effective <= day]
    return in_force[-1] if in_force else tariff.prices[0]


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
