"""A form that builds an authorize URL, encoded and decoded."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.errors import InvalidScope
from mock_server.domain.oauth.scopes import Scope, print_scope
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import Context, RequestContext
from mock_server.portal.authorize_request import (
    block_choices,
    customer_choices,
    option_choices,
    scope_of,
    scope_words,
    url_of,
    way_choices,
)
from mock_server.portal.visit import Visit, at, portal_page, visit_of

router = APIRouter(include_in_schema=False)

_BLOCKS = (4, 15, 16, 39, 51)


@router.get("/dashboard/request")
async def ask(context: Context) -> Response:
    """The form with the values that were sent, and the URL that it builds."""
    visit, query, sandbox = await visit_of(context), context.query, context.sandbox
    known = await sandbox.run(sandbox.read, list_customers, only_test_accounts=True)
    customers = [customer for customer in known if customer.accounts and sandbox.settings.hints]
    uris = [uri.replace("{base}", context.links.base) for uri in visit.client.redirect_uris]
    mistake, made = None, None
    try:
        made = _authorize_url(context, visit, query, scope_of(visit.client, query, customers, _BLOCKS), uris)
    except InvalidScope as error:
        mistake = error.message
    return portal_page(
        context,
        visit,
        "portal/request.html",
        here="dashboard/request",
        status=422 if mistake else 200,
        action=at(context, visit, "dashboard", "request"),
        customers=customer_choices(query, customers),
        mistake=mistake,
        made=made,
        **_choices(visit, query, uris),
    )


def _choices(visit: Visit, query: Parameters, uris: list[str]) -> dict[str, Any]:
    """The form's options, with the sent values selected."""
    return {
        "client": {"id": visit.client.id, "name": visit.client.company_name},
        "ways": way_choices(query),
        "value": query.one("value") or "",
        "blocks": block_choices(query, _BLOCKS),
        "options": option_choices(query),
        "uses": [
            {"value": use.id, "label": use.title, "selected": use.id == query.one("sou")}
            for use in visit.client.scopes_of_use
        ],
        "redirect_uris": [
            {"value": uri, "label": uri, "selected": uri == query.one("redirect_uri")} for uri in uris
        ],
        "state": query.one("state") or "any-random-text",
    }


def _authorize_url(
    context: RequestContext, visit: Visit, query: Parameters, scope: Scope, uris: list[str]
) -> dict[str, Any]:
    """The encoded URL, its decoded parameters, and its scope in words."""
    redirect_uri = query.one("redirect_uri")
    parameters = {
        "response_type": "code",
        "client_id": visit.client.id,
        **({"redirect_uri": redirect_uri} if redirect_uri in uris else {}),
        "scope": print_scope(scope),
        "state": query.one("state") or "any-random-text",
    }
    authorize = context.links.authorize
    return {
        "url": url_of(authorize, parameters),
        "address": authorize,
        "parameters": parameters,
        "words": scope_words(scope),
    }
