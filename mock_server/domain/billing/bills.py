"""Bills: one per service and billing period, exact to the cent. A total is the sum of its lines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_server.domain.billing.tariffs import LineItem, Peak, charges, peak_of
from mock_server.domain.records import Service, Tariff
from mock_server.domain.time.periods import Span, billing_periods, local_midnight
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Territory
from mock_server.domain.usage.simulation import corrections, read_meter

STATEMENT_DELAY = timedelta(days=3)
DAYS_TO_PAY = timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A service's bill. `usage` is what was delivered less what was received, in the meter's resolution.

    `volume` is the same in the tariff's unit; `peak` is None for what is not electricity. `billed_again` is when
    a first bill, of the same period and name, was cancelled and this one took its place.
    """

    period: Span
    statement_date: date
    due_date: date
    published: datetime
    billed_again: datetime | None
    usage: int
    volume: Decimal
    unit: str
    peak: Peak | None
    line_items: tuple[LineItem, ...]

    @property
    def total(self) -> Decimal:
        """What is to be paid, in dollars; negative for a credit."""
        return sum((item.cost for item in self.line_items), Decimal())


def list_bills(
    territory: Territory, service: Service, tariff: Tariff, *, start: datetime, now: datetime, read_day: int
) -> list[Bill]:
    """The bills issued by `now` for periods that began at `start` or later, oldest first."""
    periods = issued_periods(territory.zone, start=start, now=now, read_day=read_day)
    return [make_bill(territory, service, tariff, period, as_of=now) for period in periods]


def issued_periods(zone: ZoneInfo, *, start: datetime, now: datetime, read_day: int) -> list[Span]:
    """The billing periods that began at `start` or later and were billed by `now`, oldest first."""
    periods = billing_periods(zone, start=start, end=now, read_day=read_day)
    return [period for period in periods if period.start >= start and issue_of(period, zone) <= now]


def make_bill(
    territory: Territory, service: Service, tariff: Tariff, period: Span, *, as_of: datetime | None = None
) -> Bill:
    """The bill of one billing period, whether or not it was issued yet, as it stood at an instant.

    Readings that were estimates when it was issued and came in later cancel it: it is billed again.
    """
    first = issue_of(period, territory.zone)
    issued = billed_again(service, territory.zone, period, as_of=as_of) or first
    delivered = read_meter(territory, service, period, flow="forward", as_of=issued)
    received = read_meter(territory, service, period, flow="reverse", as_of=issued)
    usage = delivered.total - received.total
    statement_date = issued.astimezone(territory.zone).date()
    return Bill(
        period=period,
        statement_date=statement_date,
        due_date=statement_date + DAYS_TO_PAY,
        published=first,
        billed_again=None if issued == first else issued,
        usage=usage,
        volume=Decimal(usage) / UNITS_PER_BILL_UNIT[service.kind],
        unit=tariff.unit,
        peak=peak_of(delivered) if service.kind == "electric" else None,
        line_items=charges(service, tariff, territory.zone, period, delivered=delivered, received=received),
    )


def billed_again(
    service: Service, zone: ZoneInfo, period: Span, *, as_of: datetime | None
) -> datetime | None:
    """The last correction by then that the first bill did not know: at once, so that bill and readings agree."""
    late = reissues_of(service, zone, period)
    return max((instant for instant in late if as_of is None or instant <= as_of), default=None)


def reissues_of(service: Service, zone: ZoneInfo, period: Span) -> list[datetime]:
    """When the period's bill is cancelled and billed again."""
    first = issue_of(period, zone)
    return [instant for _, instant in corrections(service, zone, period) if instant > first]


def issue_of(period: Span, zone: ZoneInfo) -> datetime:
    """The beginning of the local day on which the statement is made."""
    return local_midnight((period.end + STATEMENT_DELAY).astimezone(zone).date(), zone)
