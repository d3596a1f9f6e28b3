"""Intervals: the readings of a meter, one object for each billing period."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mock_server.actions.check_token import Caller
from mock_server.actions.shares import (
    ReadingSet,
    Share,
    SharedMeter,
    interval_uid,
    reading_sets,
    territory_of,
)
from mock_server.api.caller import api_caller
from mock_server.api.collected import DESCRIBED, Place, bounded, named_meters
from mock_server.api.lists import Page, page_of
from mock_server.api.meters import told_base
from mock_server.api.moments import in_utc, in_zone
from mock_server.core.parameters import Parameters
from mock_server.core.readings import UNITS_PER_BILL_UNIT
from mock_server.core.usage import read_meter
from mock_server.paths import Links
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter()

Found = tuple[Share, SharedMeter, ReadingSet]
# The real system's names of the two directions are not known.
_DATAPOINTS = {"net": "net", "forward": "fwd", "reverse": "rev"}
_BASE = ("service_identifier", "service_tariff", "service_address", "meter_numbers")


@router.get("/intervals", openapi_extra=DESCRIBED)
async def list_intervals(request: Request) -> Response:
    """The readings of the named meters or authorizations, latest first; one of the two must be named."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    links = links_of(request)
    page = await sandbox.run(_page, sandbox, caller, query)
    pieces = _pieces(sandbox, links, page)
    return StreamingResponse(pieces, media_type="application/json")


def _page(sandbox: Sandbox, caller: Caller, query: Parameters) -> Page[Found]:
    found = [
        (share, shared, readings)
        for share, shared in named_meters(sandbox, caller, query)
        for readings in reading_sets(sandbox, share, shared)
    ]
    return page_of(bounded(found, query, place=_place), query, uid_of=_uid)


def _place(found: Found) -> Place:
    share, shared, readings = found
    return readings.visible, share, shared


def _uid(found: Found) -> str:
    _, shared, readings = found
    return interval_uid(shared.meter.uid, readings)


def _pieces(sandbox: Sandbox, links: Links, page: Page[Found]) -> Iterator[str]:
    """The answer, one Interval object after the other, so that no large answer stands in memory."""
    yield '{"intervals": ['
    for position, found in enumerate(page.items):
        yield (", " if position else "") + json.dumps(_told(sandbox, links, found))
    yield f'], "next": {json.dumps(page.next_url(links.api("intervals")))}}}'


def _told(sandbox: Sandbox, links: Links, found: Found) -> dict[str, Any]:
    """The Interval object of utilityapi.md §6."""
    share, shared, readings = found
    base = told_base(share, shared)
    uid, lag = shared.meter.authorization_uid, timedelta(hours=sandbox.settings.publication_lag_hours)
    return {
        "uid": _uid(found),
        "meter_uid": shared.meter.uid,
        "authorization_uid": uid,
        "created": in_utc(shared.meter.created),
        "updated": in_utc(max(shared.meter.created, readings.visible.end + lag)),
        "utility": sandbox.fixtures.utility.id,
        "notes": [],
        "blocks": ["base", "sources", "readings"],
        "base": {**{name: base[name] for name in _BASE}, "qualities": ["revenue"]},
        "sources": [
            {
                "type": "greenbutton_cmd",
                "raw_url": f"{links.batch_subscription(uid)}/UsagePoint/{shared.meter.uid}",
            }
        ],
        "readings": list(_readings(sandbox, found)),
    }


def _readings(sandbox: Sandbox, found: Found) -> Iterator[dict[str, Any]]:
    """Latest first. `kwh` is the net, null for what is not electricity; each datapoint names its unit."""
    share, shared, chosen = found
    service, territory = shared.service, territory_of(sandbox, share)
    read = {
        flow: read_meter(territory, service, chosen.visible, flow=flow, as_of=share.now)
        for flow in service.flows
    }
    units, unit = UNITS_PER_BILL_UNIT[service.kind], shared.tariff.unit
    net = read.get("net", read["forward"])
    kinds = ("net",) if len(read) == 1 else service.flows
    columns = [read[flow].values.tolist() for flow in service.flows]
    length = timedelta(seconds=net.interval_seconds)
    for place in range(len(net.starts) - 1, -1, -1):
        start = datetime.fromtimestamp(int(net.starts[place]), UTC)
        yield {
            "start": in_zone(start, share.zone),
            "end": in_zone(start + length, share.zone),
            "kwh": int(net.values[place]) / units if unit == "kwh" else None,
            "datapoints": [
                {"type": _DATAPOINTS[kind], "unit": unit, "value": column[place] / units}
                for kind, column in zip(kinds, columns, strict=True)
            ],
        }
