"""Routes for service status, registration and authorizations (ESPI 4.0 §1.1)."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.authorizations.manage_authorization import (
    delete_authorization,
    replace_authorization,
)
from mock_server.actions.clients.find_client import get_client
from mock_server.actions.clients.manage_registration import change_registration, remove_registration
from mock_server.actions.reading.authorization_status import (
    AuthorizationWithStatus,
    get_authorization_status,
    list_authorization_statuses,
)
from mock_server.domain.errors import InsufficientScope, InvalidParameter
from mock_server.domain.records import Client
from mock_server.domain.time.periods import Span
from mock_server.espi.codes import ACTIVE, INFINITE, REVOKED
from mock_server.espi.content import management
from mock_server.espi.feed import atom, ids
from mock_server.espi.feed.delivery import deliver
from mock_server.espi.queries import Query
from mock_server.espi.received.received_xml import check_unchanged, read_payload, value_of
from mock_server.espi.received.registration import apply_registration, is_removal
from mock_server.espi.responses import (
    AtomResponse,
    answer_entry,
    answer_feed_of,
    feed_query_of,
    render_context_of,
)
from mock_server.espi.xml.management import service_status
from mock_server.espi.xml.spelling import USAGE, Element
from mock_server.http.bearer import authenticate_bearer, check_bearer
from mock_server.http.body import read_body
from mock_server.http.context import Context, RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])

# TimeType of the end of the year 9999, the last that datetime supports.
_LATEST = 253_402_300_799


@router.get("/ReadServiceStatus")
async def read_service_status(context: Context) -> Response:
    """The data custodian's status, as a ServiceStatus without an Atom entry."""
    await authenticate_bearer(context, allowed=("client", "api"))
    status = atom.payload(service_status(render_context_of(context).spelling(USAGE)))
    return deliver(context.request, b'<?xml version="1.0" encoding="UTF-8"?>\n' + status)


@router.get("/ApplicationInformation/{client_id}")
async def read_application_information(context: Context, client_id: str) -> Response:
    """The client's own registration."""
    client = await _client_of(context, client_id)
    render_context, utility = render_context_of(context), context.sandbox.fixtures.utility
    return answer_entry(
        context, render_context, management.application_information(render_context, utility, client)
    )


@router.put("/ApplicationInformation/{client_id}")
async def change_application_information(context: Context, client_id: str) -> Response:
    """Change the fields that a client owns, such as names, URLs and scope. Other fields must be unchanged."""
    client = await _client_of(context, client_id)
    sandbox, render_context = context.sandbox, render_context_of(context)
    sent = read_payload(await read_body(context), "ApplicationInformation")
    utility = sandbox.fixtures.utility
    read = management.application_payload(render_context, utility, client)
    changes = apply_registration(client, sent, read, render_context.links)
    changed = await sandbox.run(sandbox.write, change_registration, client, changes)
    if is_removal(sent):
        await sandbox.run(sandbox.write, remove_registration, client.id)
        changed = await sandbox.run(sandbox.read, _registration, client.id)
    return answer_entry(
        context, render_context, management.application_information(render_context, utility, changed)
    )


@router.delete("/ApplicationInformation/{client_id}")
async def delete_application_information(context: Context, client_id: str) -> Response:
    """Mark the registration as removed. A PUT of the previous document restores it."""
    client = await _client_of(context, client_id)
    await context.sandbox.run(context.sandbox.write, remove_registration, client.id)
    return Response()


async def _client_of(context: RequestContext, client_id: str) -> Client:
    sandbox = context.sandbox
    return await sandbox.run(sandbox.read, _own_registration, context, client_id)


def _own_registration(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext, client_id: str
) -> Client:
    caller = check_bearer(sandbox, transaction, context, allowed=("registration", "api"))
    if client_id != caller.client_id:
        raise InsufficientScope("This token can access only the ApplicationInformation of its own client.")
    return get_client(transaction, client_id)


def _registration(sandbox: Sandbox, transaction: Transaction, client_id: str) -> Client:
    return get_client(transaction, client_id)


@router.get("/Authorization")
@router.get("/Authorization/", include_in_schema=False)
async def list_authorizations(context: Context) -> Response:
    """The client's authorizations, newest first. Ended ones remain listed with their status."""
    sandbox, render_context = context.sandbox, render_context_of(context)
    client, statuses, query = await sandbox.run(sandbox.read, _open_authorizations, context)
    entries = (
        management.authorization(render_context, authorization_status)
        for authorization_status in statuses
        if _fits(query, authorization_status)
    )
    changed = max([client.created, *map(_last_change, statuses)])
    return answer_feed_of(
        context, render_context, ids.AUTHORIZATIONS, USAGE, entries, source=statuses, changed=changed
    )


def _open_authorizations(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext
) -> tuple[Client, list[AuthorizationWithStatus], Query]:
    caller = check_bearer(sandbox, transaction, context, allowed=("client", "api"))
    query = feed_query_of(context)
    statuses = list_authorization_statuses(sandbox, transaction, caller.client_id)
    return get_client(transaction, caller.client_id), statuses, query


def _last_change(authorization_status: AuthorizationWithStatus) -> datetime:
    """When the authorization ended; while it is active, when it was created."""
    found = authorization_status.authorization
    ended = {"active": None, "revoked": found.revoked, "expired": found.expires}
    return ended[authorization_status.status] or found.created


def _fits(query: Query, authorization_status: AuthorizationWithStatus) -> bool:
    """Whether the query selects the authorization. Its period is the instant of its creation."""
    created = authorization_status.authorization.created
    return query.fits(Span(start=created, end=created), created)


@router.get("/Authorization/{uid}")
async def read_authorization(context: Context, uid: str) -> Response:
    """One authorization of the client."""
    authorization_status = await _authorization_status_of(context, uid)
    render_context = render_context_of(context)
    return answer_entry(
        context, render_context, management.authorization(render_context, authorization_status)
    )


@router.put("/Authorization/{uid}")
async def change_authorization(context: Context, uid: str) -> Response:
    """Revoke an authorization (status 0), shorten it (authorizedPeriod), or restore one that the client deleted."""
    authorization_status = await _authorization_status_of(context, uid)
    render_context = render_context_of(context)
    sent = read_payload(await read_body(context), "Authorization")
    read = management.authorization_payload(render_context, authorization_status)
    check_unchanged(sent, read, but=("status", "authorizedPeriod"), moving=("expires_at", "publishedPeriod"))
    sandbox = context.sandbox
    await sandbox.run(
        sandbox.write,
        replace_authorization,
        authorization_status.authorization.client_id,
        uid,
        is_active=_is_active(sent),
        expires=_end_of(sent, authorization_status),
    )
    return await read_authorization(context, uid)


@router.delete("/Authorization/{uid}")
async def end_authorization(context: Context, uid: str) -> Response:
    """Revoke an authorization, when the client no longer needs its data."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, _end, context, uid)
    return Response()


def _end(sandbox: Sandbox, transaction: Transaction, context: RequestContext, uid: str) -> None:
    caller = check_bearer(sandbox, transaction, context, allowed=("client", "api"))
    delete_authorization(sandbox, transaction, caller.client_id, uid)


async def _authorization_status_of(context: RequestContext, uid: str) -> AuthorizationWithStatus:
    sandbox = context.sandbox
    return await sandbox.run(sandbox.read, _open_authorization, context, uid)


def _open_authorization(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext, uid: str
) -> AuthorizationWithStatus:
    caller = check_bearer(sandbox, transaction, context, allowed=("client", "api"))
    return get_authorization_status(sandbox, transaction, caller.client_id, uid)


def _is_active(sent: Element) -> bool:
    status = value_of(sent, "status")
    if status not in (str(ACTIVE), str(REVOKED)):
        raise InvalidParameter(f"status must be {ACTIVE} (active) or {REVOKED} (revoked).")
    return status == str(ACTIVE)


def _end_of(sent: Element, authorization_status: AuthorizationWithStatus) -> datetime | None:
    """The end of authorizedPeriod. If its seconds are unchanged, it keeps its microseconds."""
    period = sent.find(f"{{{USAGE.namespace}}}authorizedPeriod")
    if period is None:
        return authorization_status.authorization.expires
    start, duration = (_seconds(period, name) for name in ("start", "duration"))
    found = authorization_status.authorization
    if start != round(found.created.timestamp()):
        raise InvalidParameter(
            "authorizedPeriod/start is when the customer agreed, and cannot be changed. Send it as GET returned it."
        )
    if duration == INFINITE:
        return None
    end = datetime.fromtimestamp(start + duration, UTC)
    is_same = found.expires is not None and abs(found.expires - end) < timedelta(seconds=1)
    return found.expires if is_same else end


def _seconds(period: Element, name: str) -> int:
    text = value_of(period, name) or ""
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > _LATEST // 2:
        raise InvalidParameter(f"authorizedPeriod/{name} must be a whole number of seconds.")
    return int(text)
