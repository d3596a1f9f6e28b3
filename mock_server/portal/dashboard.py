"""The dashboard: a third party's authorizations, newest first, and how to get the first one."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from mock_server.actions.reading.shares import Share, list_shares
from mock_server.core.function_blocks import FUNCTION_BLOCKS
from mock_server.core.records import Client
from mock_server.core.scopes import parse_scope
from mock_server.look import day_in_words
from mock_server.portal.visit import portal_page, visit_of
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, sandbox_of

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 100


@router.get("/dashboard")
async def dashboard(request: Request) -> Response:
    """The authorizations of one client; `client_id` chooses, else the first client."""
    sandbox, links = sandbox_of(request), links_of(request)
    visit = await visit_of(request)
    client = visit.client
    shares = await sandbox.run(_read, sandbox, client)
    example = {"response_type": "code", "client_id": client.id, "scope": client.scope}
    return portal_page(
        request,
        visit,
        "portal/dashboard.html",
        here="dashboard",
        clients=[
            {
                "id": one.id,
                "company_name": one.company_name,
                "selected": one.id == client.id,
                "url": f"{links.page('dashboard')}?{urlencode({'client_id': one.id})}",
            }
            for one in visit.others
        ],
        client={"name": client.company_name, "id": client.id, "mode": client.mode},
        authorizations=[_told(share) for share in shares],
        authorize_url=f"{links.authorize}?{urlencode(example)}",
    )


def _read(sandbox: Sandbox, client: Client) -> list[Share]:
    with sandbox.store.reading() as rows:
        found = rows.authorizations.list(client_id=client.id, kind="customer", order="-uid", limit=MOST_SHOWN)
    return list_shares(sandbox, found)


def _told(share: Share) -> dict[str, Any]:
    authorization, zone = share.authorization, share.zone
    blocks = parse_scope(authorization.scope).function_blocks
    return {
        "uid": authorization.uid,
        "customer": share.customer.name,
        "status": authorization.status_at(share.now),
        "created": day_in_words(authorization.created, zone),
        "ends": day_in_words(authorization.expires, zone)
        if authorization.expires
        else "when the customer ends it",
        "scope": authorization.scope,
        "scope_words": [FUNCTION_BLOCKS[block] for block in blocks if block in FUNCTION_BLOCKS],
        "services": [
            f"{one.service.kind.capitalize()} {one.service.id} (meter {one.meter.uid})"
            for one in share.meters
        ],
    }
