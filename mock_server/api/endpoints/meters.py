"""Meters, the shared services: list, read, archive."""

from starlette.responses import Response

from mock_server.actions.authorizations.meters import archive_meter
from mock_server.actions.reading.shares import issued_bill_periods, reading_sets
from mock_server.api.bodies import answer, calls, json_body, takes
from mock_server.api.call import Call, reading, writing
from mock_server.api.lists import described, fits, flag, listed, page_of, paged
from mock_server.api.objects.meter import (
    Meter,
    MeterChange,
    MeterListing,
    is_activated,
    is_monitored,
    serialize_meter,
)
from mock_server.api.visible_data import FoundMeter, get_meter, walk_meters
from mock_server.http.context import Context

router = calls("/api/v2")

_EXPAND = {"expand_meter_blocks": "false leaves the blocks out."}


@router.get(
    "/meters",
    response_model=MeterListing,
    openapi_extra=paged(
        uids="Only these, separated by commas.",
        authorizations="Only of these authorizations.",
        users="Only of these accounts, by user_uid.",
        utility="Only of these utilities.",
        is_activated="true or false.",
        is_archived="true or false.",
        is_monitored="true or false.",
        **_EXPAND,
    ),
)
async def list_meters(context: Context) -> Response:
    """List the meters of all authorizations that the token may read, newest first."""
    return answer(await reading(context, _listing))


@router.get("/meters/{uid}", response_model=Meter, openapi_extra=described(**_EXPAND))
async def read_meter(context: Context, uid: str) -> Response:
    """One of them."""
    return answer(await reading(context, lambda call: _serialize(call, get_meter(call, uid))))


@router.patch("/meters/{uid}", response_model=Meter, openapi_extra=takes(MeterChange))
async def patch_meter(context: Context, uid: str) -> Response:
    """Archive or restore it."""
    body = await json_body(context, MeterChange)

    def work(call: Call) -> Meter:
        change = body.value()
        get_meter(call, uid)
        archive_meter(call.sandbox, call.transaction, uid, is_archived=change.is_archived)
        return _serialize(call, get_meter(call, uid))

    return answer(await writing(context, work))


def _serialize(call: Call, found: FoundMeter) -> Meter:
    share, shared = found
    return serialize_meter(call, share, shared, expanded=flag(call.query, "expand_meter_blocks") is not False)


def _listing(call: Call) -> MeterListing:
    query = call.query
    uids, authorizations = listed(query, "uids"), listed(query, "authorizations")
    found = walk_meters(call, uids=uids, authorizations=authorizations, after=query.one("after"))
    fitting = (one for one in found if _fits(call, one))
    page = page_of(fitting, query, uid_of=lambda one: one[1].meter.uid)
    items = [_serialize(call, one) for one in page.items]
    return MeterListing(meters=items, next=page.next_url(call.links.api("meters")))


def _fits(call: Call, found: FoundMeter) -> bool:
    share, shared = found
    names = {"users": call.owner.uid, "utility": call.owner.utility}
    flags = {"is_archived": shared.meter.is_archived, "is_monitored": is_monitored(share, shared)}
    if call.query.one("is_activated") is not None:
        has_data = bool(reading_sets(call.sandbox, share, shared) or issued_bill_periods(share, shared))
        flags["is_activated"] = is_activated(share, shared, has_data=has_data)
    return fits(call.query, names=names, flags=flags)
