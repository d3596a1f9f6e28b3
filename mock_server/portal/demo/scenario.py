"""Reads a scenario from the form (client, customer, sign-in, fault, clock) and builds its URLs."""

import json
import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.consent.function_blocks import FUNCTION_BLOCKS
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.oauth.scopes import Scope, print_scope
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.records import Client, Customer
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.time.instants import in_utc
from mock_server.http.context import RequestContext
from mock_server.portal.authorize_request import scope_of, scope_words, url_of
from mock_server.urls import DEMO, DEMO_REDIRECT

USUAL_BLOCKS = (4, 6, 12, 15, 16, 17, 27, 28, 39, 51)
OTHER_BLOCKS = tuple(block for block in sorted(FUNCTION_BLOCKS) if block not in USUAL_BLOCKS)
ANOTHER = "another"
_OMITTED = ("csrf", "own_secret")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The chosen scenario. `preset` is None without a fault, `clock` is None to leave the clock unchanged."""

    client: Client
    client_id: str
    client_secret: str | None
    customers: list[Customer]
    scope: Scope
    preset: str | None
    clock: str | None
    redirect_uri: str


async def scenario_of(context: RequestContext, query: Parameters) -> Scenario:
    """The scenario. Raises InvalidScope, and InvalidParameter for an invalid client, preset or time."""
    sandbox, links = context.sandbox, context.links
    known = [customer for customer in await sandbox.run(sandbox.read, list_customers) if customer.accounts]
    client = _fixture_client(context, query.one("client_id"))
    own = query.one("client_id") == ANOTHER
    preset = query.one("preset")
    if preset is not None and preset not in [customer.id for customer in sandbox.fixtures.presets]:
        raise InvalidParameter("There is no such preset. Choose one from the form.")
    return Scenario(
        client=client,
        client_id=(query.one("own_id") or client.id) if own else client.id,
        client_secret=query.one("own_secret") if own else client.secret or None,
        customers=known,
        scope=scope_of(client, query, known, (*USUAL_BLOCKS, *OTHER_BLOCKS)),
        preset=preset,
        clock=_instant(query.one("clock")),
        redirect_uri=query.one("redirect_uri") or links.base + DEMO_REDIRECT,
    )


def addresses(context: RequestContext, query: Parameters, scenario: Scenario) -> dict[str, Any]:
    """The scenario's URLs, encoded and decoded, and the control API calls that prepare it."""
    links = context.links
    parameters = {
        "response_type": "code",
        "client_id": scenario.client_id,
        "redirect_uri": scenario.redirect_uri,
        "scope": print_scope(scenario.scope),
        "state": query.one("state") or "your-apps-own-state",
    }
    chosen = [
        (name, value) for name in query.on_wire if name not in _OMITTED for value in query.all(name) if value
    ]
    here = links.base + DEMO
    return {
        "url": url_of(links.authorize, parameters),
        "address": links.authorize,
        "parameters": parameters,
        "words": scope_words(scenario.scope),
        "link": f"{here}?{urlencode(chosen)}" if chosen else here,
        "calls": [_curl(links.base, call) for call in _calls(scenario)],
    }


def _calls(scenario: Scenario) -> list[tuple[str, str, dict[str, str]]]:
    return [
        *([("PUT", "clock", {"now": scenario.clock})] if scenario.clock else []),
        *([("POST", "faults", {"preset": scenario.preset})] if scenario.preset else []),
    ]


def _curl(base: str, call: tuple[str, str, dict[str, str]]) -> str:
    method, name, body = call
    words = ["curl", "-X", method, f"{base}/_mock/{name}"]
    return shlex.join([*words, "-H", "Content-Type: application/json", "-d", json.dumps(body)])


def _fixture_client(context: RequestContext, wanted: str | None) -> Client:
    """One of the fixtures' clients, whose secrets are public."""
    fixtures = context.sandbox.fixtures
    chosen = fixtures.utility.default_client if wanted in (None, ANOTHER) else wanted
    found = next((client for client in fixtures.clients if equal_secrets(client.id, chosen or "")), None)
    if found is None:
        raise InvalidParameter("The demo does not know this client. Choose one, or enter an id and a secret.")
    return found


def _instant(text: str | None) -> str | None:
    """The value of a date-time field, in the control API's format. Raises InvalidParameter."""
    if not text:
        return None
    try:
        instant = in_utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise InvalidParameter("`clock` must be a date and time, such as 2026-03-01T12:00.") from error
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
