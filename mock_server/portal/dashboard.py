"""The dashboard: a third party's authorizations, newest first, with a link to request data."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.reading.shares import Share, list_shares
from mock_server.domain.records import Client
from mock_server.http.context import Context, RequestContext
from mock_server.portal.visit import Visit, at, portal_page, visit_of
from mock_server.portal.words import end_in_words, scope_in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import day_in_words

router = APIRouter(include_in_schema=False)

MOST_LISTED = 50


@router.get("/dashboard")
async def dashboard(context: Context) -> Response:
    """The authorizations of the visit's client."""
    visit, sandbox = await visit_of(context), context.sandbox
    client = visit.client
    before = context.query.one("before")
    shares = await sandbox.run(sandbox.read, _read, client, before)
    return portal_page(
        context,
        visit,
        "portal/dashboard.html",
        here="dashboard",
        clients=[
            {
                "id": other.id,
                "company_name": other.company_name,
                "selected": other.id == client.id,
                "url": at(context, Visit(client=other, person=visit.person, others=()), "dashboard"),
            }
            for other in visit.others
        ],
        client={"name": client.company_name, "id": client.id, "mode": client.mode},
        authorizations=[_row(context, visit, share) for share in shares[:MOST_LISTED]],
        newest_url=at(context, visit, "dashboard") if before else None,
        older_url=at(context, visit, "dashboard", before=shares[MOST_LISTED - 1].authorization.uid)
        if len(shares) > MOST_LISTED
        else None,
        request_url=at(context, visit, "dashboard", "request"),
    )


def _read(sandbox: Sandbox, transaction: Transaction, client: Client, before: str | None) -> list[Share]:
    """One page of authorizations older than `before`, plus one if there are more; includes declined requests."""
    found = transaction.authorizations.list(
        client_id=client.id,
        kind=("customer", "declined"),
        order="-uid",
        below=("uid", before) if before else None,
        limit=MOST_LISTED + 1,
    )
    return list_shares(sandbox, transaction, found)


def _row(context: RequestContext, visit: Visit, share: Share) -> dict[str, Any]:
    authorization = share.authorization
    return {
        "uid": authorization.uid,
        "url": at(context, visit, "dashboard", "authorizations", authorization.uid),
        "customer": share.customer.name,
        "status": "declined" if authorization.kind == "declined" else authorization.status_at(share.now),
        "created": day_in_words(authorization.created, share.zone),
        "ends": end_in_words(authorization, share.zone),
        "scope": authorization.scope,
        "scope_words": scope_in_words(authorization, share.zone),
        "services": [
            f"{shared.service.kind.capitalize()} {shared.service.id} (meter {shared.meter.uid})"
            for shared in reversed(share.meters)
        ],
    }
