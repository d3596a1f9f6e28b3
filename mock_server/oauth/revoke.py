"""The revocation endpoint (RFC 7009)."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.tokens.revoke_token import revoke_token
from mock_server.http.context import Context
from mock_server.oauth.call import ClientCall, documented, read_form_call, token_in
from mock_server.oauth.errors import NO_STORE
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import utility_forms

router = APIRouter(tags=["OAuth"])


async def revoke(context: Context) -> Response:
    """Revoke a token. The response is an empty 200, even if the token no longer worked (RFC 7009 §2.2)."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, _revoke, await read_form_call(context))
    return Response(headers=NO_STORE)


def _revoke(sandbox: Sandbox, transaction: Transaction, call: ClientCall) -> None:
    client = call.client_in(sandbox, transaction)
    revoke_token(sandbox, transaction, client, token_in(call.parameters))


for _path in utility_forms("/revoke"):
    router.add_api_route(
        _path,
        revoke,
        methods=["POST"],
        summary="Revoke a token",
        openapi_extra=documented(("token", "token_type_hint"), answer="The token no longer works"),
    )
