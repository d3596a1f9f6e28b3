"""Intervals: the readings of a meter, one object for each billing period."""

import json
from collections.abc import Iterator

from starlette.responses import Response, StreamingResponse

from mock_server.actions.reading.shares import ReadingSet, Share, SharedMeter, interval_uid, reading_sets
from mock_server.api.bodies import calls
from mock_server.api.call import Call, reading
from mock_server.api.collected_data import DESCRIBED, Place, bounded, named_meters
from mock_server.api.lists import Page, page_of
from mock_server.api.objects.interval import IntervalListing, interval_json
from mock_server.http.context import Context

router = calls("/api/v2")

Found = tuple[Share, SharedMeter, ReadingSet]


@router.get("/intervals", response_model=IntervalListing, openapi_extra=DESCRIBED)
async def list_intervals(context: Context) -> Response:
    """List the readings of meters or authorizations, latest first. Name at least one of them."""
    return StreamingResponse(await reading(context, _open_page), media_type="application/json")


def _open_page(call: Call) -> Iterator[str]:
    return _pieces(call, _page(call))


def _page(call: Call) -> Page[Found]:
    found = [
        (share, shared, readings)
        for share, shared in named_meters(call)
        for readings in reading_sets(call.sandbox, share, shared)
    ]
    return page_of(bounded(found, call.query, place=_place), call.query, uid_of=_uid)


def _place(found: Found) -> Place:
    share, shared, readings = found
    return readings.visible, share, shared


def _uid(found: Found) -> str:
    _, shared, readings = found
    return interval_uid(shared.meter.uid, readings)


def _pieces(call: Call, page: Page[Found]) -> Iterator[str]:
    """The response, one Interval object after another, so that a large response is never in memory."""
    yield '{"intervals":['
    for position, found in enumerate(page.items):
        yield ("," if position else "") + interval_json(call, *found)
    yield f'],"next":{json.dumps(page.next_url(call.links.api("intervals")))}}}'
