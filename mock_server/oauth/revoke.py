"""The revocation endpoint (RFC 7009)."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.tokens.revoke_token import revoke_token
from mock_server.http.context import Context
from mock_server.oauth.call import documented, form_call_of, token_in
from mock_server.oauth.errors import NO_STORE
from mock_server.urls import utility_forms

router = APIRouter(tags=["OAuth"])


async def revoke(context: Context) -> Response:
    """Revoke a token. The response is an empty 200, even if the token no longer worked (RFC 7009 §2.2)."""
    client, parameters = await form_call_of(context)
    sandbox = context.sandbox
    await sandbox.run(revoke_token, sandbox, client, token_in(parameters))
    return Response(headers=NO_STORE)


for _path in utility_forms("/revoke"):
    router.add_api_route(
        _path,
        revoke,
        methods=["POST"],
        summary="Revoke a token",
        openapi_extra=documented(("token", "token_type_hint"), answer="The token no longer works"),
    )
