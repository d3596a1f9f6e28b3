"""Bills: one per service and billing period, in dollars exact to the cent. The total is the sum of the line items."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from mock_server.domain.billing.tariffs import LineItem, Peak, charges, peak_of
from mock_server.domain.records import Service, Tariff
from mock_server.domain.time.periods import Span, billing_periods, local_midnight
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Territory
from mock_server.domain.usage.simulation import corrections, read_meter

STATEMENT_DELAY = timedelta(days=3)
DAYS_TO_PAY = timedelta(days=21)
_MOST_REMEMBERED = 4_096
"""How many computed bills a process remembers: about 8 MB."""


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A bill of a service.

    `usage` is delivered minus received, in the meter's resolution (Wh for electricity); `volume` is the same in the
    tariff's `unit`. `peak` is None except for electricity. `billed_again` is when this bill replaced the first bill of
    the period, which was cancelled; None for a first bill.
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
        """The amount due in dollars; negative for a credit."""
        return sum((item.cost for item in self.line_items), Decimal())


def list_bills(
    territory: Territory, service: Service, tariff: Tariff, *, start: datetime, now: datetime, read_day: int
) -> list[Bill]:
    """Returns the bills issued by `now` for periods that began at `start` or later, oldest first.

    `read_day` is from 1 to 28.
    """
    periods = issued_periods(territory.zone, start=start, now=now, read_day=read_day)
    return [make_bill(territory, service, tariff, period, as_of=now) for period in periods]


def issued_periods(zone: ZoneInfo, *, start: datetime, now: datetime, read_day: int) -> list[Span]:
    """Returns the billing periods that began at `start` or later and were billed by `now`, oldest first."""
    periods = billing_periods(zone, start=start, end=now, read_day=read_day)
    return [period for period in periods if period.start >= start and issue_of(period, zone) <= now]


def make_bill(
    territory: Territory, service: Service, tariff: Tariff, period: Span, *, as_of: datetime | None = None
) -> Bill:
    """Returns the bill of a billing period as of a time, even if it is not issued yet. `as_of` None is the final bill.

    If estimated readings are corrected after the issue, the bill is cancelled and issued again.
    """
    first = issue_of(period, territory.zone)
    issued = billed_again(service, territory.zone, period, as_of=as_of) or first
    return _bill_issued(territory, service, tariff, period, first, issued)


@lru_cache(_MOST_REMEMBERED)
def _bill_issued(
    territory: Territory, service: Service, tariff: Tariff, period: Span, first: datetime, issued: datetime
) -> Bill:
    """Returns the bill as issued at `issued`. It follows from these values alone, so it is remembered."""
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
    """Returns when the bill was last reissued by `as_of`, which is when a correction arrived; None for never."""
    reissues = reissues_of(service, zone, period)
    return max((instant for instant in reissues if as_of is None or instant <= as_of), default=None)


def reissues_of(service: Service, zone: ZoneInfo, period: Span) -> list[datetime]:
    """Returns the times (UTC) at which the bill of a period is cancelled and issued again."""
    first = issue_of(period, zone)
    return [instant for _, instant in corrections(service, zone, period) if instant > first]


def issue_of(period: Span, zone: ZoneInfo) -> datetime:
    """Returns the start (UTC) of the local day on which the first bill of a period is issued."""
    return local_midnight((period.end + STATEMENT_DELAY).astimezone(zone).date(), zone)
