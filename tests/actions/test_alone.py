"""Tests that exclusive actions wait for all writers. SQLite has one writer anyway, PostgreSQL has many."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from mock_server.actions.authorizations.authorizations import arm_auto_approval
from mock_server.actions.notifying.events import fire
from mock_server.actions.notifying.outbox import take_due
from mock_server.actions.notifying.webhooks import add_webhook
from mock_server.actions.sandboxes.clock import advance_clock, set_clock
from mock_server.actions.sandboxes.customer_changes import renumber_account
from mock_server.actions.sandboxes.customers import create_customer
from mock_server.actions.sandboxes.faults import arm_faults, disarm, disarm_all, take_fault
from mock_server.actions.sandboxes.life_cycle import end_sandbox, end_unused, note_use
from mock_server.actions.sandboxes.load import prepare, reset
from mock_server.actions.sandboxes.snapshots import remove_snapshot, restore_snapshot, take_snapshot
from mock_server.actions.sandboxes.state import export_state, import_state
from mock_server.actions.tokens.limits import count_call
from mock_server.domain.errors import TemporarilyUnavailable
from mock_server.domain.records import AutoApproval, FaultEffect, FaultPlan
from mock_server.fixtures import Fixtures
from mock_server.fixtures.made_up import MadeUpCustomer
from mock_server.sandbox import Sandbox
from mock_server.settings import read_settings
from tests.conftest import NOON, open_at_noon
from tests.databases import postgres_database
from tests.store.test_store import TOKEN

pytestmark = pytest.mark.postgres
DOWN = FaultPlan(effect=FaultEffect(status=503))
TWICE = AutoApproval(enabled=True, times=2)

# The exclusive actions, by description.
EXCLUSIVE: dict[str, Callable[[Sandbox], object]] = {
    "set the clock": lambda sandbox: sandbox.write_alone(set_clock, now=None, frozen=True),
    "advance the clock": lambda sandbox: sandbox.write_alone(advance_clock, timedelta(hours=1)),
    "reset": reset,
    "end": end_sandbox,
    "end where unused": end_unused,
    "import": lambda sandbox: import_state(sandbox, sandbox.read(export_state)),
    "take a snapshot": lambda sandbox: sandbox.write_alone(take_snapshot),
    "restore a snapshot": lambda sandbox: restore_snapshot(sandbox, "a"),
    "remove a snapshot": lambda sandbox: sandbox.write_alone(remove_snapshot, "a"),
    "arm a fault": lambda sandbox: sandbox.write_alone(arm_faults, DOWN),
    "take a fault": lambda sandbox: take_fault(sandbox, surface="api"),
    "disarm a fault": lambda sandbox: sandbox.write_alone(disarm, "1"),
    "disarm all faults": lambda sandbox: sandbox.write_alone(disarm_all),
    "make up a customer": lambda sandbox: sandbox.write_alone(create_customer, MadeUpCustomer()),
    "renumber an account": lambda sandbox: sandbox.write_alone(renumber_account, "test_residential"),
    "count a call": lambda sandbox: sandbox.write_alone(count_call, TOKEN),
    "arm automatic approval": lambda sandbox: sandbox.write_alone(arm_auto_approval, TWICE),
    "take what is due": take_due,
}


@pytest.fixture(scope="module")
def impatient(fixtures: Fixtures) -> Iterator[Sandbox]:
    """A sandbox on which each action has work to do, on PostgreSQL with a short lock timeout."""
    with postgres_database() as url:
        address = url.update_query_dict({"options": "-c lock_timeout=100"}).render_as_string(
            hide_password=False
        )
        sandbox = open_at_noon(address, fixtures, read_settings({"clock": NOON, "rate_limit": 9}))
        prepare(sandbox)
        sandbox.write_alone(take_snapshot, "a")
        sandbox.write_alone(arm_faults, DOWN)
        sandbox.write_alone(arm_auto_approval, TWICE)
        client = sandbox.fixtures.clients[0].id
        sandbox.write(add_webhook, client, "https://hooks.example/a")
        sandbox.write(fire, "meter_created", client_id=client)
        yield sandbox
        sandbox.store.close()


@pytest.mark.parametrize("action", EXCLUSIVE.values(), ids=EXCLUSIVE.keys())
def test_an_exclusive_action_waits_for_writers(
    impatient: Sandbox, action: Callable[[Sandbox], object]
) -> None:
    with impatient.writing(), pytest.raises(TemporarilyUnavailable, match="is not available"):
        action(impatient)


def test_other_actions_write_concurrently(impatient: Sandbox) -> None:
    with impatient.writing():
        impatient.write(note_use)
