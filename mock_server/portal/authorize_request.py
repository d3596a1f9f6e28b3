"""Builds an authorize request from a form: its scope, its description, its URL."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from mock_server.domain.oauth.scopes import Authentication, Scope
from mock_server.domain.records import Client, Customer
from mock_server.domain.signing_in import Way, all_ways, find_way, test_scenario
from mock_server.domain.text.parameters import Parameters
from mock_server.portal.words import blocks_in_words

_USUAL: Final = ("4", "16", "51")


def way_of(query: Parameters) -> Way:
    """The chosen way to sign in; the test scenario by default."""
    return find_way(query.one("way") or "") or test_scenario.WAY


def scope_of(
    client: Client, query: Parameters, customers: Sequence[Customer], blocks: Sequence[int]
) -> Scope:
    """The scope that the form requests, limited to the offered `blocks`. Raises InvalidScope."""
    chosen = query.all("fb") or _USUAL
    way, value = way_of(query), query.one("value")
    if value is None:
        customer = next((candidate for candidate in customers if candidate.id == query.one("customer")), None)
        value = way.value_for(customer) if customer else None
    known = [use.id for use in client.scopes_of_use]
    return Scope(
        function_blocks=tuple(block for block in blocks if str(block) in chosen),
        no_edit=bool(query.one("noedit")),
        all_meters=bool(query.one("all")),
        scope_of_use=query.one("sou") if query.one("sou") in known else None,
        authentication=Authentication(way=way.name, value=value if way.takes_value else None),
    )


def url_of(address: str, parameters: Mapping[str, str]) -> str:
    """The URL with its parameters, every value percent-encoded once (RFC 3986 §2.1)."""
    return f"{address}?{urlencode(parameters, quote_via=quote, safe='')}"


def scope_words(scope: Scope) -> list[str]:
    """A line for each function block, the sign-in with its decoded value, and each restriction."""
    signs_in = scope.authentication
    way = find_way(signs_in.way) if signs_in else None
    value = f", prefilled with {signs_in.value}" if signs_in and signs_in.value else ""
    return [
        *blocks_in_words(scope),
        *([f"Sign-in: {way.label}{value}"] if way else []),
        *(["The customer may not change the request"] if scope.no_edit else []),
        *(["All services"] if scope.all_meters else []),
    ]


def way_choices(query: Parameters) -> list[dict[str, Any]]:
    """The ways to sign in, as options of a select."""
    chosen = way_of(query)
    return [{"value": way.name, "label": way.label, "selected": way == chosen} for way in all_ways()]


def customer_choices(query: Parameters, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    """The customers whose values can be prefilled, as options of a select."""
    return [
        {"value": customer.id, "label": customer.name, "selected": customer.id == query.one("customer")}
        for customer in customers
    ]


def block_choices(query: Parameters, blocks: Sequence[int]) -> list[dict[str, Any]]:
    """Function blocks with their meaning, as check boxes."""
    chosen = query.all("fb") or _USUAL
    return [
        {
            "value": block,
            "label": blocks_in_words(Scope(function_blocks=(block,)))[0],
            "checked": str(block) in chosen,
        }
        for block in blocks
    ]


def option_choices(query: Parameters) -> list[dict[str, Any]]:
    """Restrictions on the customer's choices, as check boxes."""
    labels = {"noedit": "The customer may not change the request", "all": "All services, with no choice"}
    return [
        {"name": name, "value": "yes", "label": label, "checked": bool(query.one(name))}
        for name, label in labels.items()
    ]
