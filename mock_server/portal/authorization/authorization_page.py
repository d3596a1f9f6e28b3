"""The page of one authorization: scope, meters with usage and bills, files, events, and a form to revoke it."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.reading.shares import Share, SharedMeter, bill_uid, issued_bill_periods, shared_bill
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.records import Event
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.portal.authorization.downloads import FILES, own_share
from mock_server.portal.authorization.usage import DAYS_LISTED, Usage, usage_by_day, usage_by_hour
from mock_server.portal.visit import FORMS, Visit, at, portal_page, visit_of
from mock_server.portal.words import end_in_words, scope_in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import day_in_words
from mock_server.ui.chart import bar_chart

router = APIRouter(prefix="/dashboard/authorizations", include_in_schema=False)

UNITS = {"kwh": "kWh", "therms": "therms", "gal": "gallons"}
_BILLS_LISTED = 12
_EVENTS_LISTED = 20


@router.get("/{uid}")
async def read_authorization(context: Context, uid: str) -> Response:
    """The page. `meter`, `view` and `day` in the query select the data of the chart."""
    visit, sandbox = await visit_of(context), context.sandbox
    share = await own_share(context, visit, uid)
    is_active = share.authorization.status_at(share.now) == "active"
    meter = _chosen(share, context.query.one("meter")) if is_active else None
    place = ("dashboard", "authorizations", uid)
    events = await sandbox.run(sandbox.read, _events, visit.client.id, uid)
    return portal_page(
        context,
        visit,
        "portal/authorization.html",
        authorization=_authorization(share),
        back_url=at(context, visit, "dashboard"),
        meters=[
            {
                "uid": shared.meter.uid,
                "title": f"{shared.service.kind.capitalize()} {shared.service.id}",
                "selected": shared is meter,
                "url": at(context, visit, *place, meter=shared.meter.uid),
            }
            for shared in (reversed(share.meters) if is_active else ())
        ],
        meter=_meter(meter) if meter else None,
        usage=await sandbox.run(_usage, sandbox, context, visit, share, meter) if meter else None,
        bills=await sandbox.run(_bills, sandbox, context, visit, share, meter) if meter else [],
        files=_files(context, visit, uid) if is_active else [],
        events=[{"at": f"{event.at:%Y-%m-%d %H:%M:%S}", "type": event.type} for event in events],
        revoke_action=at(context, visit, *place, "revoke"),
    )


@router.post("/{uid}/revoke")
async def end(context: Context, uid: str) -> Response:
    """Revoke the authorization on behalf of the third party."""
    visit, sandbox = await visit_of(context), context.sandbox
    await checked_form(context, FORMS)
    await own_share(context, visit, uid)
    await sandbox.run(sandbox.write, revoke, uid)
    return go(at(context, visit, "dashboard", "authorizations", uid))


def _authorization(share: Share) -> dict[str, Any]:
    """Its scope, its customer, and its period."""
    authorization, zone = share.authorization, share.zone
    return {
        "uid": authorization.uid,
        "status": authorization.status_at(share.now),
        "customer": share.customer.name,
        "scope": authorization.scope,
        "scope_words": scope_in_words(authorization, zone),
        "created": day_in_words(authorization.created, zone),
        "ends": end_in_words(authorization, zone),
    }


def _files(context: RequestContext, visit: Visit, uid: str) -> list[dict[str, str]]:
    """Links to the downloads; empty if the client has no JSON API token, which they need."""
    if not visit.client.api_token:
        return []
    place = ("dashboard", "authorizations", uid, "files")
    return [{"name": name, "url": at(context, visit, *place, name)} for name in FILES]


def _chosen(share: Share, uid: str | None) -> SharedMeter | None:
    if uid is None:
        return share.meters[-1] if share.meters else None
    found = next((shared for shared in share.meters if shared.meter.uid == uid), None)
    if found is None:
        raise NotFound(f"The authorization has no meter {uid[:40]!r}.")
    return found


def _meter(shared: SharedMeter) -> dict[str, Any]:
    return {
        "uid": shared.meter.uid,
        "service": shared.service.id,
        "kind": shared.service.kind,
        "serial": shared.service.meter_serial,
        "address": str(shared.service.address),
        "account": shared.account.number,
        "tariff": shared.tariff.name,
        "unit": UNITS[shared.tariff.unit],
    }


def _usage(
    sandbox: Sandbox, context: RequestContext, visit: Visit, share: Share, meter: SharedMeter
) -> dict[str, Any] | None:
    """The chart, its numbers and its navigation links; None without readings."""
    by_hour, day = context.query.one("view") == "hour", _day(context.query.one("day"))
    read = usage_by_hour if by_hour else usage_by_day
    found = read(sandbox, share, meter, day)
    if found is None:
        return None
    step = timedelta(days=1 if by_hour else DAYS_LISTED)

    def to(view: str, on: date | None) -> str:
        place = ("dashboard", "authorizations", share.authorization.uid)
        query = {"meter": meter.meter.uid, "view": view} | ({"day": on.isoformat()} if on else {})
        return at(context, visit, *place, **query) + "#usage"

    view = "hour" if by_hour else "day"
    return {
        "view": view,
        "chart": bar_chart([(measured.label, measured.amount) for measured in found.measured]),
        "caption": _caption(found, by_hour=by_hour),
        "total": sum(measured.amount for measured in found.measured),
        "by_day": to("day", found.day),
        "by_hour": to("hour", found.day if found.day < found.last else None),
        "earlier": to(view, found.day - step) if found.day - step >= found.first else None,
        "later": to(view, min(found.day + step, found.last)) if found.day < found.last else None,
    }


def _caption(found: Usage, *, by_hour: bool) -> str:
    day = f"{found.day:%B} {found.day.day}, {found.day.year}"
    return f"By hour on {day}" if by_hour else f"By day up to {day}"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidParameter("`day` must be a date, such as 2026-03-01.") from error


def _bills(
    sandbox: Sandbox, context: RequestContext, visit: Visit, share: Share, meter: SharedMeter
) -> list[dict[str, Any]]:
    """The newest bills, newest first."""
    zone, uid = share.zone, share.authorization.uid
    found = []
    for period in reversed(issued_bill_periods(share, meter)[-_BILLS_LISTED:]):
        bill = shared_bill(sandbox, share, meter, period)
        name = f"{bill_uid(meter.meter.uid, period)}.pdf"
        found.append(
            {
                "from": period.start.astimezone(zone).date().isoformat(),
                "to": period.end.astimezone(zone).date().isoformat(),
                "statement": bill.statement_date.isoformat(),
                "volume": f"{bill.volume.normalize():,f}",
                "total": f"{bill.total:,.2f}",
                "url": at(context, visit, "dashboard", "authorizations", uid, "bills", name)
                if visit.client.api_token
                else None,
            }
        )
    return found


def _events(sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str) -> list[Event]:
    """The newest events, newest first; an event for several webhooks is listed once."""
    found = transaction.events.list(
        client_id=client_id, authorization_uid=uid, order="-uid", limit=_EVENTS_LISTED
    )
    return list({(event.at, event.type, event.meter_uid): event for event in found}.values())
