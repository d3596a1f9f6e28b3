"""The receipt of an authorization, for anyone who has its link (in the browser and the email)."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.reading.shares import Share, get_share
from mock_server.domain.errors import NotFound
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import AuthorizationRequest, Client
from mock_server.http.context import Context
from mock_server.pages.consent import DATA_TYPES
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import day_in_words, page

router = APIRouter(prefix="/receipts", include_in_schema=False)


@router.get("/{request_id}")
async def receipt(context: Context, request_id: str) -> Response:
    """Display what the customer shared, or that nothing was shared."""
    sandbox = context.sandbox
    client, share = await sandbox.run(sandbox.read, _read, request_id)
    return page(
        context,
        "pages/receipt.html",
        client={"name": client.company_name, "website": client.website},
        customer={"name": share.customer.name} if share else None,
        approved=share is not None,
        authorization=_facts(share) if share else None,
        return_url=None,
        own_url=context.links.page("my-authorizations"),
    )


def _read(sandbox: Sandbox, transaction: Transaction, request_id: str) -> tuple[Client, Share | None]:
    saved: AuthorizationRequest | None = transaction.requests.find(id=request_id)
    if saved is None or saved.outcome is None:
        raise NotFound("There is no receipt at this URL. Copy the complete link from the email.")
    client = get_client(transaction, saved.client_id)
    return client, get_share(
        sandbox, transaction, saved.authorization_uid
    ) if saved.authorization_uid else None


def _facts(share: Share) -> dict[str, object]:
    authorization, zone = share.authorization, share.zone
    history = authorization.history_start
    blocks = set(parse_scope(authorization.scope).function_blocks)
    return {
        "uid": authorization.uid,
        "created": day_in_words(authorization.created, zone),
        "ends": day_in_words(authorization.expires, zone) if authorization.expires else "When you end it",
        "history": f"Since {day_in_words(history, zone)}" if history else "None",
        "data": [title for block, title, _ in DATA_TYPES if block in blocks],
        "services": [
            f"{shared.service.kind.capitalize()} service {shared.service.id}"
            for shared in reversed(share.meters)
        ],
    }
