"""The introspection endpoint (RFC 7662)."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.actions.tokens.access_tokens import subject_of
from mock_server.actions.tokens.introspect_token import LivingToken, find_living_token
from mock_server.http.context import Context
from mock_server.oauth.call import ClientCall, documented, read_form_call, token_in
from mock_server.oauth.errors import NO_STORE
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links, utility_forms

router = APIRouter(tags=["OAuth"])


async def introspect(context: Context) -> Response:
    """Describe the token if it is valid and belongs to the caller; any other is only `active: false`."""
    sandbox, links = context.sandbox, context.links
    found = await sandbox.run(sandbox.write, _find, await read_form_call(context))
    body = {"active": False} if found is None else _description(sandbox, links, found)
    return JSONResponse(body, headers=NO_STORE)


def _find(sandbox: Sandbox, transaction: Transaction, call: ClientCall) -> LivingToken | None:
    client = call.client_in(sandbox, transaction)
    return find_living_token(sandbox, transaction, client, token_in(call.parameters))


for _path in utility_forms("/introspect"):
    router.add_api_route(
        _path,
        introspect,
        methods=["POST"],
        summary="Introspect a token",
        openapi_extra=documented(("token", "token_type_hint"), answer="The token's state and metadata"),
    )


def _description(sandbox: Sandbox, links: Links, found: LivingToken) -> dict[str, Any]:
    """RFC 7662 §2.2, and the token's ESPI resources. Fields that do not apply are omitted."""
    token, authorization = found.token, found.authorization
    body = {
        "scope": token.scope or None,
        "client_id": token.client_id,
        "token_type": None if token.token_class == "refresh" else "Bearer",
        "exp": None if found.expires is None else int(found.expires.timestamp()),
        "iat": int(token.issued.timestamp()),
        "sub": subject_of(sandbox, token),
        "aud": links.resource(),
        "iss": links.issuer,
        "resourceURI": None if authorization is None else links.readable(authorization),
        "authorizationURI": None if authorization is None else links.authorization(authorization.uid),
    }
    return {"active": True, **{name: value for name, value in body.items() if value is not None}}
