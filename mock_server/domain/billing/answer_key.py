"""The answer key: the sums that a client must get if it reads a customer's data correctly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mock_server.domain.billing.bills import Bill, list_bills
from mock_server.domain.billing.tariffs import peak_of, price_segments, window_indexes
from mock_server.domain.records import Account, Customer, Flow, Service, Tariff
from mock_server.domain.time.periods import Span, local_days
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Readings, Territory
from mock_server.domain.usage.simulation import read_meter


@dataclass(frozen=True, kw_only=True)
class Day:
    """Sums over a local day in the tariff's unit. `readings` is the number of readings in 23, 24 or 25 hours."""

    date: date
    readings: int
    net: Decimal
    delivered: Decimal
    received: Decimal


@dataclass(frozen=True, kw_only=True)
class ServiceAnswerKey:
    """The sums of a service over a span, in the tariff's unit (`unit`).

    `buckets` is the delivered energy by time-of-use period, `peak_kw` the peak demand in kW (electricity only).
    """

    account_number: str
    service: Service
    unit: str
    total: Day
    days: tuple[Day, ...]
    buckets: dict[str, Decimal]
    peak_kw: Decimal | None
    bills: tuple[Bill, ...]


def compute_answer_key(
    territory: Territory,
    customer: Customer,
    tariffs: Mapping[str, Tariff],
    *,
    span: Span,
    end: datetime,
    now: datetime,
) -> Iterator[ServiceAnswerKey]:
    """Yields for each service the sums over `span`, and the bills issued by `now`.

    The periods of the bills begin at `span.start` or later and end by `end`.
    """
    for account, service in customer.services():
        bills = list_bills(
            territory,
            service,
            tariffs[service.tariff],
            start=span.start,
            now=now,
            read_day=account.read_day,
        )
        inside = tuple(bill for bill in bills if bill.period.end <= end)
        yield _service_answer_key(territory, account, service, tariffs[service.tariff], span, inside, now)


def _service_answer_key(
    territory: Territory,
    account: Account,
    service: Service,
    tariff: Tariff,
    span: Span,
    bills: tuple[Bill, ...],
    now: datetime,
) -> ServiceAnswerKey:
    flows: tuple[Flow, ...] = ("net", "forward", "reverse")
    net, delivered, received = (read_meter(territory, service, span, flow=flow, as_of=now) for flow in flows)
    units = UNITS_PER_BILL_UNIT[service.kind]

    def sums(day: date, part: Span) -> Day:
        parts = [readings.within(part) for readings in (net, delivered, received)]
        in_units = [Decimal(readings.total) / units for readings in parts]
        return Day(
            date=day,
            readings=len(parts[0].values),
            net=in_units[0],
            delivered=in_units[1],
            received=in_units[2],
        )

    local = territory.zone
    days = tuple(sums(day.start.astimezone(local).date(), day) for day in local_days(local, span))
    peak = peak_of(delivered) if service.kind == "electric" else None
    return ServiceAnswerKey(
        account_number=account.number,
        service=service,
        unit=tariff.unit,
        total=sums(span.start.astimezone(local).date(), span),
        days=days,
        buckets=_buckets(territory, service, tariff, span, delivered),
        peak_kw=Decimal(peak.watts) / 1000 if peak else None,
        bills=bills,
    )


def _buckets(
    territory: Territory, service: Service, tariff: Tariff, span: Span, delivered: Readings
) -> dict[str, Decimal]:
    """Returns the delivered energy by time-of-use period, in the tariff's unit; empty without time of use."""
    totals: dict[str, int] = {}
    for price, part in price_segments(tariff, territory.zone, span):
        if not price.windows:
            continue
        readings = delivered.within(part)
        indexes = window_indexes(price, territory.zone, readings.starts)
        for number, window in enumerate(price.windows):
            total = int(np.asarray(readings.values[indexes == number]).sum())
            totals[window.name] = totals.get(window.name, 0) + total
    return {name: Decimal(total) / UNITS_PER_BILL_UNIT[service.kind] for name, total in totals.items()}
