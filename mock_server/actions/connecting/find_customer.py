"""Finds customers by id, by a fact on file, and by the values entered to sign in."""

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.domain.oauth.scopes import Authentication
from mock_server.domain.records import Customer
from mock_server.domain.signing_in import find_way, look_ups_of
from mock_server.domain.signing_in.aliases import make_alias, split_name
from mock_server.domain.signing_in.way import Answers, LookUpKey, Way
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_GUESSES = "bill"
"""The kind under which wrong answers are counted for ways that verify them."""


def find_by_answers(
    sandbox: Sandbox, transaction: Transaction, way: Way, answers: Answers
) -> Customer | None:
    """The customer whom a way's answers identify. Raises TooManyRequests after many wrong answers that it verifies."""
    if not way.fields:
        return None
    first = answers[way.fields[0].name]
    if way.verify is None:
        return find_by_value(sandbox, transaction, way, first)
    guessed = _normal(way.look_up_key, first) or ""
    check_guesses(sandbox, transaction, _GUESSES, guessed)
    customer = find_by_value(sandbox, transaction, way, first)
    if customer is None or not way.verify(customer, answers):
        count_guess(sandbox, transaction, _GUESSES, guessed)
        return None
    return customer


def find_by_value(sandbox: Sandbox, transaction: Transaction, way: Way, value: str) -> Customer | None:
    """The customer whom the value of a way's first field identifies; verifies nothing else."""
    if way.look_up_key is None:
        return find_customer(sandbox, transaction, value.strip())
    return find_by_key(sandbox, transaction, way.look_up_key, value)


def find_by_scope(
    sandbox: Sandbox, transaction: Transaction, authentication: Authentication | None
) -> Customer | None:
    """The customer whom a scope's `auth-…` option identifies, matched as on the pages."""
    if authentication is None or authentication.value is None:
        return None
    way = find_way(authentication.way)
    return find_by_value(sandbox, transaction, way, authentication.value) if way else None


def find_by_key(sandbox: Sandbox, transaction: Transaction, key: LookUpKey, text: str) -> Customer | None:
    """The customer with that fact on file; None if several customers have it."""
    value = _normal(key, text)
    if value is None:
        return None
    found = transaction.look_ups.list(kind=key.name, value=value)
    return transaction.customers.find(id=found[0].customer_id) if len(found) == 1 else None


def find_customer(sandbox: Sandbox, transaction: Transaction, customer_id: str) -> Customer | None:
    """The customer with that id (scenario, user name). A writer stores the alias of a test account."""
    found = transaction.customers.find(id=customer_id)
    return found or _find_alias(sandbox, transaction, customer_id)


def _find_alias(sandbox: Sandbox, transaction: Transaction, name: str) -> Customer | None:
    parts = split_name(name)
    if parts is None:
        return None
    original_id, suffix = parts
    original = transaction.customers.find(id=original_id)
    existing = transaction.customers.find(id=f"{original_id}+{suffix}")
    if existing is not None or original is None or not original.is_test_account:
        return existing
    alias = make_alias(original, suffix, sandbox.random)
    if transaction.connection.is_writing:
        transaction.customers.add(alias)
        shared = {(look_up.kind, look_up.value) for look_up in look_ups_of(original)}
        transaction.look_ups.add(
            *(look_up for look_up in look_ups_of(alias) if (look_up.kind, look_up.value) not in shared)
        )
    return alias


def _normal(key: LookUpKey | None, text: str) -> str | None:
    return key.normalize(text) if key else None
