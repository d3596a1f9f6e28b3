"""The authorize endpoint: validates the request before it displays a page (RFC 6749 §4.1.1, ESPI 4.0 §4.2)."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.authorizations.authorizations import (
    approve_directly,
    take_auto_approval,
)
from mock_server.actions.connecting.authorize import (
    ReturnAddress,
    find_return_address,
    start_request,
    state_of,
)
from mock_server.actions.connecting.consent import DECLINED, decline
from mock_server.actions.connecting.find_customer import find_by_scope
from mock_server.actions.connecting.push_request import take_request
from mock_server.actions.connecting.sign_in import refuse
from mock_server.domain.errors import AccessDenied, MockServerError
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import AuthorizationRequest
from mock_server.domain.signing_in.aliases import scenario_error
from mock_server.domain.text.parameters import Parameters
from mock_server.http.body import read_form
from mock_server.http.browser import browser_or_new, go, remember_browser
from mock_server.http.context import Context, RequestContext, check_utility
from mock_server.pages.end_request import redirect_with_code, redirect_with_error
from mock_server.pages.sign_in.prefill import try_prefilled
from mock_server.review import RequestFacts, check_strictly
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links, utility_forms

router = APIRouter(tags=["Pages"])

_PARAMETERS = (
    ("response_type", "Always `code`."),
    ("client_id", "The client's id."),
    ("redirect_uri", "Where the response goes; without it the customer gets a receipt page."),
    ("scope", "The requested data, such as FB=4_16_51;AdditionalScope=auth-test-test_residential"),
    ("state", "Returned unchanged, byte for byte."),
    ("prompt", "`on` displays a login page before the single sign-on."),
    ("code_challenge", "PKCE (RFC 7636)."),
    ("code_challenge_method", "S256 or plain."),
    ("request_uri", "Identifies a pushed request (RFC 9126), which replaces all parameters but client_id."),
)
_DOCUMENTED: dict[str, Any] = {  # Any: OpenAPI's JSON
    "parameters": [
        {"name": name, "in": "query", "description": about, "required": False, "schema": {"type": "string"}}
        for name, about in _PARAMETERS
    ],
    "responses": {
        "302": {"description": "The response, sent to the client's redirect URI"},
        "303": {"description": "Redirect to the customer's pages"},
        "401": {"description": "The client is unknown (a page, never a redirect)"},
        "403": {
            "description": "The redirect URI is not registered for the client (a page, never a redirect)"
        },
    },
}


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What the authorize endpoint decided: a saved request to go on with, or an answer to the client."""

    address: ReturnAddress
    state: str | None
    request: AuthorizationRequest | None = None
    code: str | None = None
    error: MockServerError | None = None


async def authorize(context: Context) -> Response:
    """Begin an authorization. The third party redirects its customer's browser here."""
    sandbox, links = context.sandbox, context.links
    check_utility(context)
    query, browser = await _query(context), browser_or_new(context)
    begun = await sandbox.run(sandbox.write, _begin, context, query, browser)
    redirect_uri = begun.address.redirect_uri
    if begun.error is not None and redirect_uri is not None:
        return redirect_with_error(context, redirect_uri, begun.state, begun.error)
    assert begun.request is not None  # without a redirect URI an error is raised
    if begun.code is None:
        response = go(links.connect(begun.request.id))
        remember_browser(context, response, browser)
        return response
    if redirect_uri is None:
        return go(links.page("receipts", begun.request.id))
    return redirect_with_code(context, redirect_uri, begun.state, begun.code)


for _path in utility_forms("/authorize"):
    router.add_api_route(_path, authorize, methods=["GET"], openapi_extra=_DOCUMENTED, summary="Begin")
    router.add_api_route(_path, authorize, methods=["POST"], include_in_schema=False)


async def redirect_error(context: RequestContext, error: MockServerError) -> Response | None:
    """An error of this endpoint as a redirect to the client; None if no redirect URI of the client was validated.

    This includes server errors (RFC 6749 §4.1.2.1), because a redirect cannot have status 500.
    """
    if not context.path.rstrip("/").endswith("/authorize"):
        return None
    sandbox = context.sandbox
    try:
        query = await _query(context)
        address, state = await sandbox.run(sandbox.write, _return_address, context, query)
    except MockServerError:
        return None
    if address.redirect_uri is None:
        return None
    return redirect_with_error(context, address.redirect_uri, state, error)


async def _query(context: RequestContext) -> Parameters:
    """The parameters as they came; certified clients send them in the body of a POST."""
    if context.method != "POST":
        return context.query
    return (await read_form(context)).over(context.query)


def _return_address(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext, query: Parameters
) -> tuple[ReturnAddress, str | None]:
    """Where the answer goes, and the state that goes with it."""
    query = take_request(sandbox, transaction, query)
    address = find_return_address(sandbox, transaction, query, base=context.links.base)
    context.note_client(address.client.id)
    return address, state_of(query)


def _begin(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext, query: Parameters, browser: str
) -> Begun:
    """Save the request, and answer it if nobody has to be asked. Raises what may not be redirected."""
    query = take_request(sandbox, transaction, query)
    address = find_return_address(sandbox, transaction, query, base=context.links.base)
    context.note_client(address.client.id)
    try:
        check_strictly(sandbox, address.client, RequestFacts(kind="authorize", query=query))
        request = start_request(sandbox, transaction, query, address, browser=browser)
        if (error := _requested_error(request)) is not None and address.redirect_uri is not None:
            refuse(sandbox, transaction, request)
            return Begun(address=address, state=request.state, error=error)
        code = _approve_automatically(sandbox, transaction, request, address, context.links)
        if code is None:
            request = try_prefilled(sandbox, transaction, request)
    except MockServerError as error:
        # Nothing but a refused or declined request was written before these errors.
        if address.redirect_uri is None or not error.may_redirect:
            raise
        return Begun(address=address, state=state_of(query), error=error)
    return Begun(address=address, state=request.state, request=request, code=code)


def _requested_error(request: AuthorizationRequest) -> MockServerError | None:
    """The error that a special test scenario asks for."""
    authentication = parse_scope(request.scope).authentication
    return scenario_error(authentication.value) if authentication and authentication.way == "test" else None


def _approve_automatically(
    sandbox: Sandbox,
    transaction: Transaction,
    request: AuthorizationRequest,
    address: ReturnAddress,
    links: Links,
) -> str | None:
    """The code of an armed automatic approval; None if none is armed or the scope names no customer.

    Raises AccessDenied.
    """
    customer = find_by_scope(sandbox, transaction, parse_scope(request.scope).authentication)
    armed = take_auto_approval(sandbox, transaction) if customer is not None else None
    if customer is None or armed is None:
        return None
    if armed.decision == "decline":
        decline(sandbox, transaction, request)
        raise transaction.commit_with(AccessDenied(DECLINED))
    try:
        approval = approve_directly(
            sandbox,
            transaction,
            request,
            client=address.client,
            customer=customer,
            receipt_link=links.browser("receipts", request.id),
            own_link=links.browser("my-authorizations"),
        )
    except MockServerError as error:
        refuse(sandbox, transaction, request)
        raise transaction.commit_with(error) from None
    return approval.code
