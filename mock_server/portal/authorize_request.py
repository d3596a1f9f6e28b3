"""Builds an authorize request from a form: its scope, the choices in words, its URL."""

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
    """The scope that the form requests; `blocks` are the offered ones. Raises InvalidScope."""
    chosen = query.all("fb") or _USUAL
    way, value = way_of(query), query.one("value")
    if value is None:
        customer = next((one for one in customers if one.id == query.one("customer")), None)
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
    """The address as it is sent: every value percent-encoded once (RFC 3986 §2.1)."""
    return f"{address}?{urlencode(parameters, quote_via=quote, safe='')}"


def scope_words(scope: Scope) -> list[str]:
    """Its function blocks, how the customer signs in, with the value as it is meant, and what they may not choose."""
    signs_in = scope.authentication
    way = find_way(signs_in.way) if signs_in else None
    value = f", filled in with {signs_in.value}" if signs_in and signs_in.value else ""
    return [
        *blocks_in_words(scope),
        *([f"Sign-in: {way.label}{value}"] if way else []),
        *(["The customer may not change the request"] if scope.no_edit else []),
        *(["All services"] if scope.all_meters else []),
    ]


def way_choices(query: Parameters) -> list[dict[str, Any]]:
    """The ways to sign in, for a select."""
    chosen = way_of(query)
    return [{"value": way.name, "label": way.label, "selected": way == chosen} for way in all_ways()]


def customer_choices(query: Parameters, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    """The customers to fill in for, for a select."""
    return [
        {"value": one.id, "label": one.name, "selected": one.id == query.one("customer")} for one in customers
    ]


def block_choices(query: Parameters, blocks: Sequence[int]) -> list[dict[str, Any]]:
    """Function blocks with their meaning, for check boxes."""
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
    """What the customer may not choose, for check boxes."""
    labels = {"noedit": "The customer may not change the request", "all": "All services, without a choice"}
    return [
        {"name": name, "value": "yes", "label": label, "checked": bool(query.one(name))}
        for name, label in labels.items()
    ]
