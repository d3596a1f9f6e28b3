"""The ways to sign in, one per file, and what they share: matching, account numbers, aliases."""

from mock_server.domain.records import Customer, LookUp
from mock_server.domain.signing_in import (
    account,
    address,
    email,
    last_bill,
    phone,
    single_sign_on,
    test_scenario,
)
from mock_server.domain.signing_in.way import LookUpKey, Way

WAYS: tuple[Way, ...] = (
    single_sign_on.WAY,
    account.WAY,
    phone.WAY,
    email.WAY,
    address.WAY,
    last_bill.WAY,
    test_scenario.WAY,
)
"""Every way, in the order in which pages list them. Read it by the functions below."""

DEFAULT_WAY = single_sign_on.WAY.name
"""The way of a request whose scope names none."""


def all_ways() -> tuple[Way, ...]:
    """Every way to sign in, in the order in which pages list them."""
    return WAYS


def find_way(name: str) -> Way | None:
    """The way with this name in a scope's `auth-…` option."""
    return next((way for way in all_ways() if way.name == name), None)


def look_up_keys() -> list[LookUpKey]:
    """The facts by which customers are found, each once."""
    return list(dict.fromkeys(way.look_up_key for way in all_ways() if way.look_up_key))


def look_ups_of(customer: Customer) -> list[LookUp]:
    """Every normalised value by which the customer can be found, each once."""
    pairs = [(key.name, key.normalize(text)) for key in look_up_keys() for text in key.values(customer)]
    unique = dict.fromkeys((kind, value) for kind, value in pairs if value)
    return [LookUp(kind=kind, value=value, customer_id=customer.id) for kind, value in unique]


__all__ = ["DEFAULT_WAY", "WAYS", "LookUpKey", "Way", "all_ways", "find_way", "look_up_keys", "look_ups_of"]
