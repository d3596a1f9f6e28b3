"""The authorize endpoint: validates the request before it displays a page (RFC 6749 §4.1.1, ESPI 4.0 §4.2)."""

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
from mock_server.urls import utility_forms

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


async def authorize(context: Context) -> Response:
    """Begin an authorization. The third party redirects its customer's browser here."""
    sandbox, links = context.sandbox, context.links
    check_utility(context)
    query = await _parameters(context)
    address = await sandbox.run(find_return_address, sandbox, query, base=links.base)
    context.note_client(address.client.id)
    try:
        check_strictly(sandbox, address.client, RequestFacts(kind="authorize", query=query))
        return await _begin(context, query, address)
    except MockServerError as error:
        if address.redirect_uri is None or not error.may_redirect:
            raise
        return redirect_with_error(context, address.redirect_uri, state_of(query), error)


for _path in utility_forms("/authorize"):
    router.add_api_route(_path, authorize, methods=["GET"], openapi_extra=_DOCUMENTED, summary="Begin")
    router.add_api_route(_path, authorize, methods=["POST"], include_in_schema=False)


async def redirect_error(context: RequestContext, error: MockServerError) -> Response | None:
    """An error of this endpoint as a redirect to the client; None if no redirect URI of the client was validated.

    This includes server errors (RFC 6749 §4.1.2.1), because a redirect cannot have status 500.
    """
    if not context.path.rstrip("/").endswith("/authorize"):
        return None
    try:
        query = await _parameters(context)
        sandbox = context.sandbox
        address = await sandbox.run(find_return_address, sandbox, query, base=context.links.base)
    except MockServerError:
        return None
    context.note_client(address.client.id)
    if address.redirect_uri is None:
        return None
    return redirect_with_error(context, address.redirect_uri, state_of(query), error)


async def _parameters(context: RequestContext) -> Parameters:
    query, sandbox = context.query, context.sandbox
    if context.method == "POST":
        query = (await read_form(context)).over(query)
    return await sandbox.run(take_request, sandbox, query) if query.one("request_uri") else query


async def _begin(context: RequestContext, query: Parameters, address: ReturnAddress) -> Response:
    sandbox, links = context.sandbox, context.links
    browser = browser_or_new(context)
    started = await sandbox.run(start_request, sandbox, query, address, browser=browser)
    authentication = parse_scope(started.scope).authentication
    error = scenario_error(authentication.value) if authentication and authentication.way == "test" else None
    if error is not None and address.redirect_uri is not None:
        await sandbox.run(refuse, sandbox, started)
        return redirect_with_error(context, address.redirect_uri, state_of(query), error)
    immediate = await _automatic_response(context, started, address)
    if immediate is not None:
        return immediate
    await sandbox.run(try_prefilled, sandbox, started)
    response = go(links.connect(started.id))
    remember_browser(context, response, browser)
    return response


async def _automatic_response(
    context: RequestContext, started: AuthorizationRequest, address: ReturnAddress
) -> Response | None:
    """The response of an armed automatic approval; None if none is armed or the scope names no customer."""
    sandbox, links = context.sandbox, context.links
    customer = await sandbox.run(find_by_scope, sandbox, parse_scope(started.scope).authentication)
    armed = await sandbox.run(take_auto_approval, sandbox) if customer is not None else None
    if customer is None or armed is None:
        return None
    if armed.decision == "decline":
        await sandbox.run(decline, sandbox, started)
        raise AccessDenied(DECLINED)
    receipt = links.browser("receipts", started.id)
    try:
        approval = await sandbox.run(
            approve_directly,
            sandbox,
            started,
            client=address.client,
            customer=customer,
            receipt_link=receipt,
            own_link=links.browser("my-authorizations"),
        )
    except MockServerError:
        await sandbox.run(refuse, sandbox, started)
        raise
    if started.redirect_uri is None:
        return go(links.page("receipts", started.id))
    return redirect_with_code(context, started.redirect_uri, started.state, approval.code)
