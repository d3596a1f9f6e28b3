"""Bills: what a meter's billing periods cost."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.check_token import Caller
from mock_server.actions.shares import Share, SharedMeter, bill_uid, issued_bill_periods, shared_bill
from mock_server.api.caller import api_caller
from mock_server.api.collected import DESCRIBED, Place, bounded, named_meters
from mock_server.api.lists import Page, page_of
from mock_server.api.meters import told_base
from mock_server.api.moments import in_utc, in_zone
from mock_server.core.bills import Bill
from mock_server.core.parameters import Parameters
from mock_server.core.periods import Span, local_midnight
from mock_server.core.tariffs import LineItem, LineKind
from mock_server.paths import Links
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter()

Found = tuple[Share, SharedMeter, Span]


@router.get("/bills", openapi_extra=DESCRIBED)
async def list_bills(request: Request) -> Response:
    """The bills of the named meters or authorizations, latest first; one of the two must be named."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    links = links_of(request)
    page = await sandbox.run(_page, sandbox, caller, query)
    told = [_told(sandbox, links, found) for found in page.items]
    return JSONResponse({"bills": told, "next": page.next_url(links.api("bills"))})


def _page(sandbox: Sandbox, caller: Caller, query: Parameters) -> Page[Found]:
    found = [
        (share, shared, period)
        for share, shared in named_meters(sandbox, caller, query)
        for period in issued_bill_periods(share, shared)
    ]
    return page_of(bounded(found, query, place=_place), query, uid_of=_uid)


def _place(found: Found) -> Place:
    share, shared, period = found
    return period, share, shared


def _uid(found: Found) -> str:
    _, shared, period = found
    return bill_uid(shared.meter.uid, period)


def _told(sandbox: Sandbox, links: Links, found: Found) -> dict[str, Any]:
    """The Bill object of utilityapi.md §6; blocks without content are absent."""
    share, shared, period = found
    bill = shared_bill(sandbox, share, shared, period)
    uid = shared.meter.authorization_uid
    blocks = {
        "base": {**told_base(share, shared), **_base(bill, share.zone)},
        "sources": [{"type": "pdf", "raw_url": links.bill_pdf(_uid(found), bill.statement_date)}],
        "line_items": [_line_item(item, share.zone) for item in bill.line_items],
        "tiers": list(_tiers(bill)),
        "tou": list(_time_of_use(bill)),
        "demand": list(_demand(bill)),
    }
    present = {name: content for name, content in blocks.items() if content}
    return {
        "uid": _uid(found),
        "meter_uid": shared.meter.uid,
        "authorization_uid": uid,
        "created": in_utc(max(shared.meter.created, bill.published)),
        "updated": in_utc(max(shared.meter.created, bill.billed_again or bill.published)),
        "notes": _notes(bill),
        "utility": sandbox.fixtures.utility.id,
        "blocks": list(present),
        **present,
    }


def _notes(bill: Bill) -> list[dict[str, str]]:
    if bill.billed_again is None:
        return []
    message = "An earlier bill of this period was cancelled: readings were estimates and have been corrected."
    return [{"type": "bills_strange", "msg": message, "ts": in_utc(bill.billed_again)}]


def _base(bill: Bill, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "bill_start_date": in_zone(bill.period.start, zone),
        "bill_end_date": in_zone(bill.period.end, zone),
        "bill_statement_date": in_zone(local_midnight(bill.statement_date, zone), zone),
        "bill_total_kwh": float(bill.volume) if bill.unit == "kwh" else None,
        "bill_total_unit": bill.unit,
        "bill_total_volume": float(bill.volume),
        "bill_total_cost": float(bill.total),
    }


# The API's words for the kinds of charges.
_KINDS: dict[LineKind, str] = {
    "fixed": "delivery",
    "energy": "supply",
    "demand": "demand",
    "credit": "credit",
    "tax": "tax",
}


def _line_item(item: LineItem, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": item.name,
        "start": in_zone(item.span.start, zone),
        "end": in_zone(item.span.end, zone),
        "kind": _KINDS[item.kind],
        "unit": item.unit,
        "rate": _number(item.rate),
        "volume": _number(item.volume),
        "cost": float(item.cost),
    }


def _tiers(bill: Bill) -> Iterator[dict[str, Any]]:
    for item in bill.line_items:
        if item.tier is not None:
            yield {"name": item.name, "level": item.tier, **_sums(item)}


def _time_of_use(bill: Bill) -> Iterator[dict[str, Any]]:
    for item in bill.line_items:
        if item.bucket is not None:
            yield {"name": item.name, "bucket": item.bucket.casefold().replace(" ", "_"), **_sums(item)}


def _demand(bill: Bill) -> Iterator[dict[str, Any]]:
    for item in bill.line_items:
        if item.kind == "demand":
            yield {"name": item.name, "demand": _number(item.volume), "cost": float(item.cost)}


def _sums(item: LineItem) -> dict[str, Any]:
    return {"cost": float(item.cost), "volume": _number(item.volume), "unit": item.unit}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
