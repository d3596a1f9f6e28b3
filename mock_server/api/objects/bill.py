"""Bill: the cost of one billing period of a meter, block by block."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mock_server.actions.reading.shares import Share, SharedMeter, bill_uid, shared_bill
from mock_server.api.call import Call
from mock_server.api.objects.meter import MeterBase, Program, serialize_base
from mock_server.api.objects.shape import Note, Shape, Timestamp
from mock_server.api.times import in_utc, in_zone
from mock_server.domain.billing.bills import Bill as ComputedBill
from mock_server.domain.billing.tariffs import LineItem, LineKind
from mock_server.domain.time.periods import Span, local_midnight


class BillBase(MeterBase):
    """Period, usage and cost. `bill_total_kwh` is null for gas and water."""

    bill_start_date: Timestamp
    bill_end_date: Timestamp
    bill_statement_date: Timestamp
    bill_total_kwh: float | None
    bill_total_unit: str
    bill_total_volume: float
    bill_total_cost: float


class Source(Shape):
    """The file that the data comes from."""

    type: str
    raw_url: str


class BillLineItem(Shape):
    """A line of the bill. The costs of all lines add up to the total."""

    name: str
    start: Timestamp
    end: Timestamp
    kind: str
    unit: str | None
    rate: float | None
    volume: float | None
    cost: float


class BillTier(Shape):
    """The usage at a tier's price."""

    name: str
    level: int
    cost: float
    volume: float | None
    unit: str | None


class TimeOfUse(Shape):
    """The usage in a time-of-use window."""

    name: str
    bucket: str
    cost: float
    volume: float | None
    unit: str | None


class Demand(Shape):
    """A charge for the highest power, in kW."""

    name: str
    demand: float | None
    cost: float


class Power(Shape):
    """A measure of power quality."""

    name: str
    type: str
    volume: float
    unit: str


class SupplierCharges(Shape):
    """Another supplier's charges on this bill."""

    supplier_type: str
    supplier_name: str
    supplier_service_id: str | None
    supplier_tariff: str | None
    supplier_total_cost: float
    supplier_total_volume: float
    supplier_total_unit: str
    supplier_line_items: list[BillLineItem]


class Bill(Shape):
    """The Bill object of utilityapi.md §6; blocks without content are absent."""

    uid: str
    meter_uid: str
    authorization_uid: str
    created: Timestamp
    updated: Timestamp
    notes: list[Note]
    utility: str
    blocks: list[str]
    base: BillBase | None = None
    sources: list[Source] | None = None
    line_items: list[BillLineItem] | None = None
    tiers: list[BillTier] | None = None
    tou: list[TimeOfUse] | None = None
    demand: list[Demand] | None = None
    power: list[Power] | None = None
    suppliers: list[SupplierCharges] | None = None
    programs: list[Program] | None = None


class BillListing(Shape):
    """A page of bills."""

    bills: list[Bill]
    next: str | None


def serialize_bill(call: Call, share: Share, shared: SharedMeter, period: Span) -> Bill:
    """The Bill object of utilityapi.md §6."""
    bill = shared_bill(call.sandbox, share, shared, period)
    uid = bill_uid(shared.meter.uid, period)
    address = call.links.file("pdf_bill", uid, f"{bill.statement_date}.pdf")
    blocks: dict[str, Any] = {  # each by its own name
        "base": _base(share, shared, bill),
        "sources": [Source(type="pdf", raw_url=address)],
        "line_items": [_line_item(item, share.zone) for item in bill.line_items],
        "tiers": list(_tiers(bill)),
        "tou": list(_time_of_use(bill)),
        "demand": list(_demand(bill)),
    }
    present = {name: content for name, content in blocks.items() if content}
    return Bill(
        uid=uid,
        meter_uid=shared.meter.uid,
        authorization_uid=shared.meter.authorization_uid,
        created=in_utc(max(shared.meter.created, bill.published)),
        updated=in_utc(max(shared.meter.created, bill.billed_again or bill.published)),
        notes=_notes(bill, uid, share.zone),
        utility=call.owner.utility,
        blocks=list(present),
        **present,
    )


def _notes(bill: ComputedBill, uid: str, zone: ZoneInfo) -> list[Note]:
    if bill.billed_again is None:
        return []
    message = "An earlier bill of this period was cancelled: readings were estimates and have been corrected."
    return [
        Note(
            type="bills_strange",
            msg=message,
            ts=in_utc(bill.billed_again),
            bill_note_type="billed_again",
            bill_statement_date=in_zone(local_midnight(bill.statement_date, zone), zone),
            bill_uid=uid,
        )
    ]


def _base(share: Share, shared: SharedMeter, bill: ComputedBill) -> BillBase:
    zone, volume = share.zone, float(bill.volume)
    return BillBase(
        **serialize_base(share, shared).model_dump(),
        bill_start_date=in_zone(bill.period.start, zone),
        bill_end_date=in_zone(bill.period.end, zone),
        bill_statement_date=in_zone(local_midnight(bill.statement_date, zone), zone),
        bill_total_kwh=volume if bill.unit == "kwh" else None,
        bill_total_unit=bill.unit,
        bill_total_volume=volume,
        bill_total_cost=float(bill.total),
    )


# The API's words for the kinds of charges.
_KINDS: dict[LineKind, str] = {
    "fixed": "delivery",
    "energy": "supply",
    "demand": "demand",
    "credit": "credit",
    "tax": "tax",
}


def _line_item(item: LineItem, zone: ZoneInfo) -> BillLineItem:
    return BillLineItem(
        name=item.name,
        start=in_zone(item.span.start, zone),
        end=in_zone(item.span.end, zone),
        kind=_KINDS[item.kind],
        unit=item.unit,
        rate=_number(item.rate),
        volume=_number(item.volume),
        cost=float(item.cost),
    )


def _tiers(bill: ComputedBill) -> Iterator[BillTier]:
    for item in bill.line_items:
        if item.tier is not None:
            yield BillTier(name=item.name, level=item.tier, **_sums(item))


def _time_of_use(bill: ComputedBill) -> Iterator[TimeOfUse]:
    for item in bill.line_items:
        if item.bucket is not None:
            bucket = item.bucket.casefold().replace(" ", "_")
            yield TimeOfUse(name=item.name, bucket=bucket, **_sums(item))


def _demand(bill: ComputedBill) -> Iterator[Demand]:
    for item in bill.line_items:
        if item.kind == "demand":
            yield Demand(name=item.name, demand=_number(item.volume), cost=float(item.cost))


def _sums(item: LineItem) -> dict[str, Any]:
    return {"cost": float(item.cost), "volume": _number(item.volume), "unit": item.unit}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
