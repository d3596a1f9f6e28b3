"""Filling a sandbox from its fixtures: at first start, when the files changed, and on reset."""

from mock_server.actions.clients.add_client import standing_tokens
from mock_server.actions.forms.templates import newest_template
from mock_server.domain.records import AutoApproval, Customer, LookUp, SandboxState
from mock_server.domain.signing_in import matching
from mock_server.sandbox import Sandbox
from mock_server.store import SNAPSHOT, Transaction

SURVIVES_RESET = ("signing_keys", "snapshots")
"""Making a key takes a tenth of a second, and nothing a test does wears it out; snapshots are there to go back to."""

_FILLED = ("sandbox_states", "tariffs", "customers", "look_ups", "clients", "templates", "tokens", "counters")
"""The tables that a fresh sandbox has rows in: a copy that looks into the others would take twice as long."""


def prepare(sandbox: Sandbox) -> None:
    """Make sure that the sandbox holds its fixtures; what clients and customers did since is kept."""
    with sandbox.beginning() as rows:
        state = rows.state
        if state is None:
            rows.clear()  # whatever stands there belongs to nobody
            _begin(sandbox, rows)
        elif state.fixtures_digest != sandbox.fixtures.digest:
            rows.states.change({}, fixtures_digest=sandbox.fixtures.digest)
            _make_room(sandbox, rows)
            _fill(sandbox, rows)


def reset(sandbox: Sandbox) -> None:
    """Back to the fixtures: authorizations, tokens, messages, clock, journal, all as at first start."""
    sandbox.journal.clear()
    with sandbox.writing(alone=True) as rows:
        rows.clear(keep=SURVIVES_RESET)
        _begin(sandbox, rows)


def _begin(sandbox: Sandbox, rows: Transaction) -> None:
    """Fill an empty sandbox: from the copy of a fresh one, if there is one, which takes a tenth of the time."""
    fresh = fresh_copy_of(sandbox.fixtures.digest)
    if rows.of(fresh).states.find() is None:
        rows.states.add(_first_state(sandbox, rows))
        _fill(sandbox, rows)
        rows.of(fresh).copy_from(sandbox.name, only=_FILLED)
    else:
        rows.copy_from(fresh, only=_FILLED)
        rows.states.change({}, **vars(_first_state(sandbox, rows)))


def fresh_copy_of(fixtures_digest: str) -> str:
    """Under which name a fresh sandbox with these fixtures is kept; no path can say it."""
    return SNAPSHOT + fixtures_digest[:39]


def _first_state(sandbox: Sandbox, rows: Transaction) -> SandboxState:
    start = sandbox.settings.clock
    offset = sandbox.clock.offset_for(start).total_seconds() if start else 0.0
    return SandboxState(
        incarnation=sandbox.chance.secret(),
        created=rows.now,
        fixtures_digest=sandbox.fixtures.digest,
        clock_offset_seconds=offset,
        clock_frozen=None,
        auto_approval=AutoApproval(enabled=sandbox.settings.auto_approve),
        used=sandbox.clock.machine_now(),
    )


def _make_room(sandbox: Sandbox, rows: Transaction) -> None:
    """Remove what the fixtures are about to bring; customers and clients of other origin stay."""
    fixtures = sandbox.fixtures
    customers = tuple(customer.id for customer in fixtures.customers)
    clients = tuple(client.id for client in fixtures.clients)
    rows.tariffs.remove(id=tuple(tariff.id for tariff in fixtures.tariffs))
    rows.customers.remove(id=customers)
    rows.look_ups.remove(customer_id=customers)
    rows.clients.remove(id=clients)
    rows.tokens.remove(client_id=clients, token_class=("api", "registration"), expires=None)


def _fill(sandbox: Sandbox, rows: Transaction) -> None:
    fixtures = sandbox.fixtures
    rows.tariffs.add(*fixtures.tariffs)
    rows.customers.add(*fixtures.customers)
    rows.look_ups.add(*(found for customer in fixtures.customers for found in look_ups_of(customer)))
    rows.clients.add(*fixtures.clients)
    for client in fixtures.clients:
        newest_template(rows, client, at=client.created)
    rows.tokens.add(
        *(token for client in fixtures.clients for token in standing_tokens(client, issued=client.created))
    )


def look_ups_of(customer: Customer) -> list[LookUp]:
    """Everything by which the customer can be found, in normal form, each once."""
    found = [
        ("phone", matching.normal_phone(customer.phone)),
        ("email", matching.normal_email(customer.email)),
    ]
    for account in customer.accounts:
        found.append(("account", matching.normal_account(account.number)))
        found.append(("address", matching.normal_address(str(account.billing_address))))
    unique = dict.fromkeys((kind, value) for kind, value in found if value)
    return [LookUp(kind=kind, value=value, customer_id=customer.id) for kind, value in unique]  # type: ignore[arg-type]  # the pairs above
