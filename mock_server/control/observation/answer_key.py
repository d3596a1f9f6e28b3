"""The call that returns the answer key: the sums that a correct reader of a customer's data must get."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from mock_server.actions.reading.answer_key import AnswerKey, get_answer_key
from mock_server.control.calls import calls
from mock_server.domain.billing.answer_key import Day, ServiceAnswerKey
from mock_server.domain.billing.bills import Bill
from mock_server.domain.billing.tariffs import LineItem, LineKind
from mock_server.domain.records import ServiceKind
from mock_server.http.context import Context

router = calls()


class DayShape(BaseModel):
    """The sums of a local day in the service's unit; `net` is delivered minus received."""

    date: date
    readings: int
    net: float
    delivered: float
    received: float


class LineShape(BaseModel):
    """A line item of a bill; amounts are in dollars."""

    name: str
    kind: LineKind
    start: datetime
    end: datetime
    volume: float | None
    unit: str | None
    rate: float | None
    tier: int | None
    bucket: str | None
    cost: float


class BillShape(BaseModel):
    """A bill; amounts are in dollars, `usage` is in the service's unit."""

    start: datetime
    end: datetime
    statement_date: date
    due_date: date
    usage: float
    peak_kw: float | None
    total: float
    line_items: list[LineShape]


class ServiceShape(BaseModel):
    """A service's sums in total and by day, its delivered energy by time of use, and its bills."""

    account: str
    service: str
    kind: ServiceKind
    unit: str
    meter: str
    total: DayShape
    days: list[DayShape]
    time_of_use: dict[str, float]
    peak_kw: float | None
    bills: list[BillShape]


class AnswerKeyShape(BaseModel):
    """The sums of all services from `start` to `end`, which is never later than the last published reading."""

    customer: str
    time_zone: str
    start: datetime
    end: datetime
    services: list[ServiceShape]


FirstDay = Annotated[
    date | None, Query(alias="from", description="First local day; default: 30 days before `to`.")
]
LastDay = Annotated[date | None, Query(alias="to", description="Last local day, inclusive; default: today.")]


@router.get("/truth")
async def read_answer_key(
    context: Context, customer: str, first: FirstDay = None, last: LastDay = None
) -> AnswerKeyShape:
    """The correct sums for a customer. Compare your parser's results with them."""
    sandbox = context.sandbox
    answer_key = await sandbox.run(sandbox.read, get_answer_key, customer, first=first, last=last)
    return _shape(answer_key)


def _shape(answer_key: AnswerKey) -> AnswerKeyShape:
    return AnswerKeyShape(
        customer=answer_key.customer.id,
        time_zone=answer_key.customer.time_zone,
        start=answer_key.span.start,
        end=answer_key.span.end,
        services=[_service(service) for service in answer_key.services],
    )


def _service(found: ServiceAnswerKey) -> ServiceShape:
    return ServiceShape(
        account=found.account_number,
        service=found.service.id,
        kind=found.service.kind,
        unit=found.unit,
        meter=found.service.meter_serial,
        total=_day(found.total),
        days=[_day(day) for day in found.days],
        time_of_use={name: float(volume) for name, volume in found.buckets.items()},
        peak_kw=None if found.peak_kw is None else float(found.peak_kw),
        bills=[_bill(bill) for bill in found.bills],
    )


def _day(day: Day) -> DayShape:
    return DayShape(
        date=day.date,
        readings=day.readings,
        net=float(day.net),
        delivered=float(day.delivered),
        received=float(day.received),
    )


def _bill(bill: Bill) -> BillShape:
    return BillShape(
        start=bill.period.start,
        end=bill.period.end,
        statement_date=bill.statement_date,
        due_date=bill.due_date,
        usage=float(bill.volume),
        peak_kw=bill.peak.watts / 1000 if bill.peak else None,
        total=float(bill.total),
        line_items=[_line(item) for item in bill.line_items],
    )


def _line(item: LineItem) -> LineShape:
    return LineShape(
        name=item.name,
        kind=item.kind,
        start=item.span.start,
        end=item.span.end,
        volume=None if item.volume is None else float(item.volume),
        unit=item.unit,
        rate=None if item.rate is None else float(item.rate),
        tier=item.tier,
        bucket=item.bucket,
        cost=float(item.cost),
    )
