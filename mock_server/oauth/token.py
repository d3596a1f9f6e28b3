"""The token endpoint: who asks, which grant, what comes back (RFC 6749 §3.2, ESPI 4.0 §4.3 and §4.4)."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.managing.clients import remember_base, shown
from mock_server.core.errors import InvalidRequest, NotFound, UnsupportedGrantType
from mock_server.core.parameters import Parameters
from mock_server.oauth.client_auth import authenticated_client
from mock_server.oauth.errors import NO_STORE
from mock_server.oauth.grants import GRANTS
from mock_server.oauth.grants.grant import Grant
from mock_server.paths import utility_forms
from mock_server.surface import form_of, links_of, note_client, query_of, sandbox_of
from mock_server.token_answer import token_answer

router = APIRouter(tags=["OAuth"])

_FIELDS = (
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "client_id",
    "client_secret",
)
_DOCUMENTED: dict[str, Any] = {  # OpenAPI's own shape
    "requestBody": {
        "content": {
            kind: {"schema": {"type": "object", "properties": {name: {"type": "string"} for name in _FIELDS}}}
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data")
        }
    },
    "responses": {
        "200": {"description": "Tokens", "content": {"application/json": {}}},
        "400": {"description": "An error of RFC 6749 §5.2", "content": {"application/json": {}}},
        "401": {
            "description": "The client is unknown or its secret wrong",
            "content": {"application/json": {}},
        },
    },
}


async def token(request: Request) -> Response:
    """Exchange a code, a refresh token or the client's own credentials for tokens."""
    sandbox, links = sandbox_of(request), links_of(request)
    check_utility(request)
    # Certified clients put the parameters into the query of a POST with an empty body.
    parameters = (await form_of(request)).over(query_of(request))
    client = await authenticated_client(sandbox, request, parameters)
    note_client(request, client.id)
    if request.method != "POST":
        raise InvalidRequest("Tokens are fetched with POST, and never with GET: addresses end up in logs.")
    grant = _grant(request, parameters)
    issued = await sandbox.run(grant.answer, sandbox, client, parameters)
    await sandbox.run(remember_base, sandbox, client, links.base)
    return JSONResponse(token_answer(links, issued), headers=NO_STORE)


for _path in utility_forms("/token"):
    router.add_api_route(_path, token, methods=["POST"], openapi_extra=_DOCUMENTED, summary="Get tokens")
    router.add_api_route(_path, token, methods=["GET"], include_in_schema=False)


def check_utility(request: Request) -> None:
    """The utility in a path is this one, in any case. Raises NotFound."""
    own = sandbox_of(request).fixtures.utility.id
    named = request.path_params.get("utility", own)
    if named.casefold() != own.casefold():
        raise NotFound(f"There is no utility {shown(named)} here. This server plays {own}.")


def _grant(request: Request, parameters: Parameters) -> Grant:
    name = parameters.one("grant_type")
    if name is None:
        kind = request.headers.get("content-type", "").split(";")[0]
        sent = f" The body came as {plain}; it must be" if (plain := kind.strip()) else " The body must be"
        raise InvalidRequest(
            f"The parameter grant_type is missing.{sent} application/x-www-form-urlencoded with grant_type in it."
        )
    found = next((grant for grant in GRANTS if grant.name == name), None)
    if found is None:
        known = ", ".join(grant.name for grant in GRANTS)
        raise UnsupportedGrantType(f"The grant_type {shown(name)} is not offered. Use one of {known}.")
    return found
