"""Fills a sandbox from its fixtures: at first start, when the files have changed, and on reset."""

from mock_server.actions.clients.add_client import initial_tokens
from mock_server.actions.forms.templates import newest_template
from mock_server.domain.records import AutoApproval, SandboxState
from mock_server.domain.signing_in import look_ups_of
from mock_server.sandbox import Sandbox
from mock_server.store import SNAPSHOT, Transaction

SURVIVES_RESET = ("signing_keys", "snapshots")
"""Tables that a reset keeps. Creating a key takes 0.1 s and tests do not change it; snapshots must stay restorable."""

_FILLED = ("sandbox_states", "tariffs", "customers", "look_ups", "clients", "templates", "tokens", "counters")
"""The tables in which a fresh sandbox has rows. Copying only these takes half as long as copying all."""


def prepare(sandbox: Sandbox) -> None:
    """Load the fixtures if the sandbox is empty or they have changed. The work of clients and customers is kept."""
    with sandbox.beginning() as transaction:
        state = transaction.state
        if state is None:
            transaction.clear()  # rows without a state belong to no sandbox
            _begin(sandbox, transaction)
        elif state.fixtures_digest != sandbox.fixtures.digest:
            transaction.states.change({}, fixtures_digest=sandbox.fixtures.digest)
            _remove_fixtures(sandbox, transaction)
            _fill(sandbox, transaction)


def reset(sandbox: Sandbox) -> None:
    """Restore the fixtures: authorizations, tokens, messages, clock and journal are as at first start."""
    sandbox.journal.clear()
    with sandbox.writing(exclusive=True) as transaction:
        transaction.clear(keep=SURVIVES_RESET)
        _begin(sandbox, transaction)


def _begin(sandbox: Sandbox, transaction: Transaction) -> None:
    """Fill an empty sandbox, from the copy of a fresh one if it exists, which takes a tenth of the time."""
    fresh = fresh_copy_of(sandbox.fixtures.digest)
    if transaction.of(fresh).states.find() is None:
        transaction.states.add(_first_state(sandbox, transaction))
        _fill(sandbox, transaction)
        transaction.of(fresh).copy_from(sandbox.name, only=_FILLED)
    else:
        transaction.copy_from(fresh, only=_FILLED)
        transaction.states.change({}, **vars(_first_state(sandbox, transaction)))


def fresh_copy_of(fixtures_digest: str) -> str:
    """The name of the stored copy of a fresh sandbox with these fixtures. No path can name it."""
    return SNAPSHOT + fixtures_digest[:39]


def _first_state(sandbox: Sandbox, transaction: Transaction) -> SandboxState:
    start = sandbox.settings.clock
    offset = sandbox.clock.offset_for(start).total_seconds() if start else 0.0
    return SandboxState(
        incarnation=sandbox.random.secret(),
        created=transaction.now,
        fixtures_digest=sandbox.fixtures.digest,
        clock_offset_seconds=offset,
        clock_frozen=None,
        auto_approval=AutoApproval(enabled=sandbox.settings.auto_approve),
        used=sandbox.clock.machine_now(),
    )


def _remove_fixtures(sandbox: Sandbox, transaction: Transaction) -> None:
    """Remove the records that the fixtures will replace; other customers and clients stay."""
    fixtures = sandbox.fixtures
    customers = tuple(customer.id for customer in fixtures.customers)
    clients = tuple(client.id for client in fixtures.clients)
    transaction.tariffs.remove(id=tuple(tariff.id for tariff in fixtures.tariffs))
    transaction.customers.remove(id=customers)
    transaction.look_ups.remove(customer_id=customers)
    transaction.clients.remove(id=clients)
    transaction.tokens.remove(client_id=clients, token_class=("api", "registration"), expires=None)


def _fill(sandbox: Sandbox, transaction: Transaction) -> None:
    fixtures = sandbox.fixtures
    transaction.tariffs.add(*fixtures.tariffs)
    transaction.customers.add(*fixtures.customers)
    transaction.look_ups.add(*(found for customer in fixtures.customers for found in look_ups_of(customer)))
    transaction.clients.add(*fixtures.clients)
    for client in fixtures.clients:
        newest_template(transaction, client, at=client.created)
    transaction.tokens.add(
        *(token for client in fixtures.clients for token in initial_tokens(client, issued=client.created))
    )
