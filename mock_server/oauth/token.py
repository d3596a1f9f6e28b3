"""The token endpoint (RFC 6749 §3.2, ESPI 4.0 §4.3 and §4.4)."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.actions.clients.find_client import remember_base
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.domain.errors import InvalidRequest, UnsupportedGrantType
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.text.quoting import quoted
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.token_response import token_response
from mock_server.oauth.call import ClientCall, documented, read_call
from mock_server.oauth.errors import NO_STORE
from mock_server.oauth.grants import GRANTS
from mock_server.oauth.grants.grant import Grant
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import utility_forms

router = APIRouter(tags=["OAuth"])

_FIELDS = (
    "grant_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
)
_DOCUMENTED = documented(_FIELDS, answer="Tokens")


async def token(context: Context) -> Response:
    """Exchange a code, a refresh token or the client's own credentials for tokens."""
    sandbox, links = context.sandbox, context.links
    call = await read_call(context)
    grant, issued = await sandbox.run(sandbox.write, _issue, call)
    context.metrics.count_tokens(grant.name)
    return JSONResponse(token_response(links, issued), headers=NO_STORE)


def _issue(sandbox: Sandbox, transaction: Transaction, call: ClientCall) -> tuple[Grant, IssuedTokens]:
    context = call.context
    client = call.client_in(sandbox, transaction)
    if context.method != "POST":
        raise InvalidRequest(
            "The token endpoint accepts only POST, because URLs end up in logs. Send the parameters in the body."
        )
    grant = _grant(context, call.parameters)
    client = remember_base(sandbox, transaction, client, context.links.base)
    return grant, grant.answer(sandbox, transaction, client, call.parameters)


for _path in utility_forms("/token"):
    router.add_api_route(_path, token, methods=["POST"], openapi_extra=_DOCUMENTED, summary="Get tokens")
    router.add_api_route(_path, token, methods=["GET"], include_in_schema=False)


def _grant(context: RequestContext, parameters: Parameters) -> Grant:
    name = parameters.one("grant_type")
    if name is None:
        kind = context.headers.get("content-type", "").split(";")[0]
        sent = (
            f" The body was sent as {plain}; it must be" if (plain := kind.strip()) else " The body must be"
        )
        raise InvalidRequest(
            f"The parameter grant_type is missing.{sent} application/x-www-form-urlencoded with grant_type in it."
        )
    found = next((grant for grant in GRANTS if grant.name == name), None)
    if found is None:
        known = ", ".join(grant.name for grant in GRANTS)
        raise UnsupportedGrantType(f"The grant_type {quoted(name)} is not supported. Use one of {known}.")
    return found
