"""Files that bills, meters and intervals link to. They cannot be listed; each needs the token of its data."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from mock_server.actions.reading.bill_page import BillPage, open_bill
from mock_server.actions.reading.shares import bill_uid, issued_bill_periods
from mock_server.api.bodies import calls
from mock_server.api.call import Call, reading
from mock_server.api.files.bills_zip import bills_zip
from mock_server.api.files.csv_tables import bills_csv, intervals_csv, meters_csv
from mock_server.api.files.intervals_xml import intervals_xml
from mock_server.api.lists import described, listed
from mock_server.api.objects.authorization import csv_hash
from mock_server.api.visible_data import FoundMeter, get_listed, get_meter, walk_meters
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.http.context import Context, RequestContext

router = calls("/api/v2/files")

_METERS = described(meters="Of these meters, separated by commas.")
_METER = described(meter="Of this meter.")


def _file(kind: str, **extra: Any) -> dict[str, Any]:
    """The OpenAPI description of a file."""
    content: dict[str, Any] = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"response_class": Response, "responses": {200: {"content": content}}, **extra}


@router.get("/pdf_bill", **_file("application/pdf", openapi_extra=described(uid="The bill's uid.")))
async def pdf_bill_by_uid(context: Context) -> Response:
    """A bill as PDF."""
    return await _pdf(context, lambda call: _one(call, "uid"))


@router.get("/pdf_bill/{uid}/{name}.pdf", **_file("application/pdf"))
async def pdf_bill(context: Context, uid: str, name: str) -> Response:
    """A bill as PDF, under any file name."""
    return await _pdf(context, lambda _: uid)


@router.get("/latest_pdf", **_file("application/pdf", openapi_extra=_METER))
async def latest_pdf(context: Context) -> Response:
    """The latest bill of a meter as PDF."""
    return await _pdf(context, _latest_bill)


@router.get("/bills_zip", **_file("application/zip", openapi_extra=_METERS))
async def zipped_bills(context: Context) -> Response:
    """All bills of meters as PDFs in a ZIP."""
    content = await reading(context, lambda call: bills_zip(call, _meters(call)))
    return Response(content, media_type="application/zip")


@router.get("/meters_bills_csv", **_file("text/csv", openapi_extra=_METERS))
async def bills_as_csv(context: Context) -> Response:
    """All bills of meters as CSV."""
    return await _csv(context, lambda call: bills_csv(call, _meters(call)))


@router.get("/intervals_csv", **_file("text/csv", openapi_extra=_METERS))
async def intervals_as_csv(context: Context) -> Response:
    """All readings of meters as CSV."""
    return await _csv(context, lambda call: intervals_csv(call, _meters(call)))


@router.get("/meters_csv", **_file("text/csv", openapi_extra=described(accounts="Of these authorizations.")))
async def meters_as_csv(context: Context) -> Response:
    """The meters of authorizations as CSV."""
    return await _csv(context, lambda call: meters_csv(call, _meters_of(call, _many(call, "accounts"))))


@router.get("/csv/{hash}", **_file("text/csv"))
async def combined_csv(context: Context, hash: str) -> Response:
    """All bills of an authorization as CSV. The URL is in its `exports`."""
    return await _csv(context, lambda call: bills_csv(call, _meters_of(call, (_hashed(call, hash),))))


@router.get("/intervals_xml", **_file("application/xml", openapi_extra=_METER))
async def intervals_as_xml(context: Context) -> Response:
    """All readings of a meter as simple XML, which is not Green Button."""

    def work(call: Call) -> Iterator[str]:
        return intervals_xml(call, *get_meter(call, _one(call, "meter")))

    return StreamingResponse(await reading(context, work), media_type="application/xml")


async def _pdf(context: RequestContext, find_uid: Callable[[Call], str]) -> Response:
    from mock_server.ui.bill_pdf import write_bill  # takes long to import

    def work(call: Call) -> BillPage:
        return open_bill(call.sandbox, call.transaction, call.caller, find_uid(call))

    page = await reading(context, work)
    return Response(await run_in_threadpool(write_bill, page), media_type="application/pdf")


async def _csv(context: RequestContext, table: Callable[[Call], Iterator[str]]) -> Response:
    lines = await reading(context, table)
    return StreamingResponse(lines, media_type="text/csv")


def _latest_bill(call: Call) -> str:
    share, shared = get_meter(call, _one(call, "meter"))
    periods = issued_bill_periods(share, shared)
    if not periods:
        raise NotFound(f"Meter {shared.meter.uid} has no bill yet.")
    return bill_uid(shared.meter.uid, periods[-1])


def _meters(call: Call) -> list[FoundMeter]:
    return _found(list(walk_meters(call, uids=_many(call, "meters"))))


def _meters_of(call: Call, authorizations: tuple[str, ...]) -> list[FoundMeter]:
    return _found(list(walk_meters(call, authorizations=authorizations)))


def _found(meters: list[FoundMeter]) -> list[FoundMeter]:
    if not meters:
        raise NotFound("No meters or authorizations found with these uids that this token may see.")
    return meters


def _hashed(call: Call, name: str) -> str:
    """The authorization whose combined CSV has that name. Raises NotFound."""
    if re.fullmatch("[0-9a-f]{32}", name):
        found = get_listed(call, str(int(name[:8], 16))).authorization
        if csv_hash(call, found) == name:
            return found.uid
    raise NotFound("There is no such file. Follow the link in the authorization's exports.")


def _one(call: Call, name: str) -> str:
    value = call.query.one(name)
    if value is None:
        raise InvalidParameter(f"The parameter {name} is missing.")
    return value


def _many(call: Call, name: str) -> tuple[str, ...]:
    values = listed(call.query, name)
    if not values:
        raise InvalidParameter(f"The parameter {name} is missing: one uid, or several separated by commas.")
    return values
