"""Serializes a bill; blocks without content are absent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mock_server.actions.reading.shares import Share, SharedMeter, bill_uid, shared_bill
from mock_server.api.call import Call
from mock_server.api.objects import bill as objects
from mock_server.api.objects.shape import Note
from mock_server.api.serialize.meter import serialize_base
from mock_server.api.times import in_utc, in_zone
from mock_server.domain.billing.bills import Bill
from mock_server.domain.billing.tariffs import LineItem, LineKind
from mock_server.domain.time.periods import Span, local_midnight


def serialize_bill(call: Call, share: Share, shared: SharedMeter, period: Span) -> objects.Bill:
    """The Bill object of utilityapi.md §6."""
    bill = shared_bill(call.sandbox, share, shared, period)
    uid = bill_uid(shared.meter.uid, period)
    address = call.links.file("pdf_bill", uid, f"{bill.statement_date}.pdf")
    blocks: dict[str, Any] = {  # each by its own name
        "base": _base(share, shared, bill),
        "sources": [objects.Source(type="pdf", raw_url=address)],
        "line_items": [_line_item(item, share.zone) for item in bill.line_items],
        "tiers": list(_tiers(bill)),
        "tou": list(_time_of_use(bill)),
        "demand": list(_demand(bill)),
    }
    present = {name: content for name, content in blocks.items() if content}
    return objects.Bill(
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


def _notes(bill: Bill, uid: str, zone: ZoneInfo) -> list[Note]:
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


def _base(share: Share, shared: SharedMeter, bill: Bill) -> objects.BillBase:
    zone, volume = share.zone, float(bill.volume)
    return objects.BillBase(
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


def _line_item(item: LineItem, zone: ZoneInfo) -> objects.BillLineItem:
    return objects.BillLineItem(
        name=item.name,
        start=in_zone(item.span.start, zone),
        end=in_zone(item.span.end, zone),
        kind=_KINDS[item.kind],
        unit=item.unit,
        rate=_number(item.rate),
        volume=_number(item.volume),
        cost=float(item.cost),
    )


def _tiers(bill: Bill) -> Iterator[objects.BillTier]:
    for item in bill.line_items:
        if item.tier is not None:
            yield objects.BillTier(name=item.name, level=item.tier, **_sums(item))


def _time_of_use(bill: Bill) -> Iterator[objects.TimeOfUse]:
    for item in bill.line_items:
        if item.bucket is not None:
            bucket = item.bucket.casefold().replace(" ", "_")
            yield objects.TimeOfUse(name=item.name, bucket=bucket, **_sums(item))


def _demand(bill: Bill) -> Iterator[objects.Demand]:
    for item in bill.line_items:
        if item.kind == "demand":
            yield objects.Demand(name=item.name, demand=_number(item.volume), cost=float(item.cost))


def _sums(item: LineItem) -> dict[str, Any]:
    return {"cost": float(item.cost), "volume": _number(item.volume), "unit": item.unit}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
