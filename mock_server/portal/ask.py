"""Requesting data: a form that builds the authorize URL, and shows it as it is sent and as it is meant."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from mock_server.actions.world.customers import list_customers
from mock_server.core.errors import InvalidScope
from mock_server.core.parameters import Parameters
from mock_server.core.records import Customer
from mock_server.core.scopes import WAYS, Authentication, Scope, print_scope
from mock_server.portal.visit import Visit, at, portal_page, visit_of
from mock_server.portal.words import blocks_in_words
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter(include_in_schema=False)

_WAYS = {
    "sso": "The utility's log-in",
    "account": "Account number",
    "phone": "Phone number",
    "email": "E-mail address",
    "address": "Billing address",
    "lastbill": "Last bill",
    "test": "Test scenario",
}
# What a request may carry so that a customer need not type it, by the way to sign in.
_PREFILLS: Final[dict[str, Callable[[Customer], str]]] = {
    "account": lambda one: one.accounts[0].number,
    "phone": lambda one: one.phone,
    "email": lambda one: one.email,
    "address": lambda one: str(one.accounts[0].billing_address),
    "lastbill": lambda one: one.accounts[0].number,
    "test": lambda one: one.id,
}
_BLOCKS = (4, 15, 16, 39, 51)
_USUAL = ("4", "16", "51")


@router.get("/dashboard/request")
async def ask(request: Request) -> Response:
    """The form, filled in as it was sent, and the address that it makes."""
    visit, query = await visit_of(request), query_of(request)
    sandbox, links = sandbox_of(request), links_of(request)
    customers = [
        one for one in await sandbox.run(list_customers, sandbox, only_test_accounts=True) if one.accounts
    ]
    uris = [uri.replace("{base}", links.base) for uri in visit.client.redirect_uris]
    mistake, made = None, None
    try:
        scope = _scope(visit, query, customers if sandbox.settings.hints else [])
        made = _made(request, visit, query, scope, uris)
    except InvalidScope as error:
        mistake = error.message
    chosen = query.all("fb") or _USUAL
    return portal_page(
        request,
        visit,
        "portal/request.html",
        here="dashboard/request",
        status=422 if mistake else 200,
        action=at(request, visit, "dashboard", "request"),
        client={"id": visit.client.id, "name": visit.client.company_name},
        ways=[{"value": way, "label": _WAYS[way], "selected": way == _way(query)} for way in WAYS],
        customers=[
            {"value": one.id, "label": one.name, "selected": one.id == query.one("customer")}
            for one in customers
        ]
        if sandbox.settings.hints
        else [],
        value=query.one("value") or "",
        blocks=[
            {
                "value": block,
                "label": blocks_in_words(Scope(function_blocks=(block,)))[0],
                "checked": str(block) in chosen,
            }
            for block in _BLOCKS
        ],
        options=[
            {
                "name": "noedit",
                "label": "The customer may not change the request",
                "checked": bool(query.one("noedit")),
            },
            {"name": "all", "label": "All services, without a choice", "checked": bool(query.one("all"))},
        ],
        uses=[
            {"value": use.id, "label": use.title, "selected": use.id == query.one("sou")}
            for use in visit.client.scopes_of_use
        ],
        redirect_uris=[
            {"value": uri, "label": uri, "selected": uri == query.one("redirect_uri")} for uri in uris
        ],
        state=query.one("state") or "any-random-text",
        mistake=mistake,
        made=made,
    )


def _way(query: Parameters) -> str:
    return next((way for way in WAYS if way == query.one("way")), "sso" if not query.on_wire else "test")


def _scope(visit: Visit, query: Parameters, customers: list[Customer]) -> Scope:
    """What the form asks for. Raises InvalidScope for what no scope can say."""
    blocks = tuple(block for block in _BLOCKS if str(block) in (query.all("fb") or _USUAL))
    way, value = _way(query), query.one("value")
    if value is None and way in _PREFILLS:
        customer = next((one for one in customers if one.id == query.one("customer")), None)
        value = _PREFILLS[way](customer) if customer else None
    known = [use.id for use in visit.client.scopes_of_use]
    return Scope(
        function_blocks=blocks,
        no_edit=bool(query.one("noedit")),
        all_meters=bool(query.one("all")),
        scope_of_use=query.one("sou") if query.one("sou") in known else None,
        authentication=Authentication(way=way, value=None if way == "sso" else value),
    )


def _made(request: Request, visit: Visit, query: Parameters, scope: Scope, uris: list[str]) -> dict[str, Any]:
    """The address as it is sent, and its parameters as they are meant."""
    redirect_uri = query.one("redirect_uri")
    parameters = {
        "response_type": "code",
        "client_id": visit.client.id,
        **({"redirect_uri": redirect_uri} if redirect_uri in uris else {}),
        "scope": print_scope(scope),
        "state": query.one("state") or "any-random-text",
    }
    authorize = links_of(request).authorize
    return {
        "url": f"{authorize}?{urlencode(parameters, quote_via=quote, safe='')}",
        "address": authorize,
        "parameters": parameters,
        "words": [*blocks_in_words(scope), *_options_in_words(scope)],
    }


def _options_in_words(scope: Scope) -> list[str]:
    """How the customer signs in, with the value as it is meant, and what they may not choose."""
    signs_in = scope.authentication
    value = f", filled in with {signs_in.value}" if signs_in and signs_in.value else ""
    return [
        *([f"Sign-in: {_WAYS[signs_in.way]}{value}"] if signs_in else []),
        *(["The customer may not change the request"] if scope.no_edit else []),
        *(["All services"] if scope.all_meters else []),
    ]
