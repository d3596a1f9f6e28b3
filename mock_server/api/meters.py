"""Meters: the services that customers share."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.check_token import Caller
from mock_server.actions.shares import Share, SharedMeter, issued_bill_periods, list_shares, reading_sets
from mock_server.api.caller import api_caller, visible_authorizations
from mock_server.api.lists import Page, described, fits, page_of
from mock_server.api.moments import in_utc, in_zone
from mock_server.api.third_party import ThirdParty, third_party
from mock_server.core.errors import NotFound
from mock_server.core.parameters import Parameters
from mock_server.core.periods import Span
from mock_server.core.readings import INTERVAL_SECONDS
from mock_server.core.usage import missing_days
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter()

Found = tuple[Share, SharedMeter]


@router.get(
    "/meters",
    openapi_extra=described(
        uids="Only these, separated by commas.",
        authorizations="Only of these authorizations.",
        users="Only of these accounts, by user_uid.",
        utility="Only of these utilities.",
        is_activated="true or false.",
        is_archived="true or false.",
        is_monitored="true or false.",
    ),
)
async def list_meters(request: Request) -> Response:
    """The meters of all authorizations that the token shows, newest first."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    owner = await sandbox.run(third_party, sandbox, caller.client_id)
    page = await sandbox.run(_page, sandbox, caller, query, owner)
    told = [told_meter(sandbox, owner, share, shared) for share, shared in page.items]
    return JSONResponse({"meters": told, "next": page.next_url(links_of(request).api("meters"))})


@router.get("/meters/{uid}")
async def read_meter(request: Request, uid: str) -> Response:
    """One of them."""
    caller, sandbox = await api_caller(request), sandbox_of(request)
    owner = await sandbox.run(third_party, sandbox, caller.client_id)
    for share, shared in await sandbox.run(visible_meters, sandbox, caller):
        if shared.meter.uid == uid:
            return JSONResponse(told_meter(sandbox, owner, share, shared))
    raise NotFound(f"There is no meter {uid[:40]!r} that this token may see.")


def visible_meters(sandbox: Sandbox, caller: Caller) -> list[Found]:
    """Every meter that the token shows, newest first; a revoked authorization has none any more."""
    shares = list_shares(sandbox, visible_authorizations(sandbox, caller))
    found = [
        (share, shared)
        for share in shares
        if share.authorization.status_at(share.now) != "revoked"
        for shared in share.meters
    ]
    return sorted(found, key=lambda one: int(one[1].meter.uid), reverse=True)


def _page(sandbox: Sandbox, caller: Caller, query: Parameters, owner: ThirdParty) -> Page[Found]:
    found = [one for one in visible_meters(sandbox, caller) if _fits(sandbox, one, query, owner)]
    return page_of(found, query, uid_of=lambda one: one[1].meter.uid)


def _fits(sandbox: Sandbox, found: Found, query: Parameters, owner: ThirdParty) -> bool:
    share, shared = found
    names = {"uids": shared.meter.uid, "authorizations": share.authorization.uid}
    names |= {"users": owner.uid, "utility": owner.utility}
    flags = {"is_archived": False, "is_monitored": _is_monitored(share)}
    flags |= {"is_activated": _is_activated(sandbox, share, shared)}
    return fits(query, names=names, flags=flags)


def _is_monitored(share: Share) -> bool:
    end = share.authorization.ongoing_end
    return end is None or end > share.now


def _is_activated(sandbox: Sandbox, share: Share, shared: SharedMeter) -> bool:
    return bool(reading_sets(sandbox, share, shared) or issued_bill_periods(share, shared))


def told_meter(sandbox: Sandbox, owner: ThirdParty, share: Share, shared: SharedMeter) -> dict[str, Any]:
    """The Meter object of utilityapi.md §6."""
    meter, created = shared.meter, in_utc(shared.meter.created)
    bills = issued_bill_periods(share, shared)
    readings = [one.visible for one in reading_sets(sandbox, share, shared)]
    covered = [part for span in readings for part in _without_gaps(share, shared, span)]
    return {
        "uid": meter.uid,
        "authorization_uid": meter.authorization_uid,
        "created": created,
        "is_archived": False,
        "is_activated": _is_activated(sandbox, share, shared),
        "is_expanded": True,
        "notes": _notes(created, has_bills=bool(bills), has_readings=bool(readings)),
        "status": "updated",
        "status_message": "The meter's data is complete.",
        "status_ts": created,
        "ongoing_monitoring": {
            "frequency": "daily" if _is_monitored(share) else "off",
            "prepay": None,
            "next_prepay": None,
            "next_refresh": None,
            "fixed_refresh_day": None,
        },
        "utility": owner.utility,
        "user_email": owner.email,
        "user_uid": owner.uid,
        "bill_count": len(bills),
        "bill_coverage": _coverage(share, bills),
        "bill_sources": ["pdf"] if bills else [],
        "interval_count": sum(span.seconds for span in covered) // INTERVAL_SECONDS[shared.service.kind],
        "interval_coverage": _coverage(share, covered),
        "interval_sources": ["xml"] if readings else [],
        "exports": {},
        "exports_list": [],
        "blocks": ["base"],
        "base": told_base(share, shared),
    }


def told_base(share: Share, shared: SharedMeter) -> dict[str, Any]:
    """The `base` block: what the utility knows of the service."""
    service, account = shared.service, shared.account
    return {
        "service_identifier": service.id,
        "service_tariff": shared.tariff.id,
        "service_class": service.service_class,
        "service_address": str(service.address),
        "meter_numbers": list(service.meter_serials),
        "billing_contact": account.billing_contact,
        "billing_address": str(account.billing_address),
        "billing_account": account.number,
    }


def _notes(created: str, *, has_bills: bool, has_readings: bool) -> list[dict[str, str]]:
    bills = [{"type": "bills_full", "msg": "All bills were collected.", "ts": created}]
    readings = [{"type": "intervals_full", "msg": "All readings were collected.", "ts": created}]
    return [*(bills if has_bills else []), *(readings if has_readings else [])]


def _without_gaps(share: Share, shared: SharedMeter, span: Span) -> Iterator[Span]:
    """The parts of a span that have readings."""
    start = span.start
    for gap in missing_days(shared.service, share.zone, span):
        if start < gap.start:
            yield Span(start=start, end=gap.start)
        start = gap.end
    if start < span.end:
        yield Span(start=start, end=span.end)


def _coverage(share: Share, spans: list[Span]) -> list[list[str]]:
    """The spans without the seams between them, in local time."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return [[in_zone(span.start, share.zone), in_zone(span.end, share.zone)] for span in joined]
