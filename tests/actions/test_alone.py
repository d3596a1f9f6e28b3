"""Tests that exclusive actions wait for all writers. SQLite has one writer anyway, PostgreSQL has many."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from mock_server.actions.authorizations.authorizations import arm_auto_approval, take_auto_approval
from mock_server.actions.clients.guess_limits import count_guess
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
from mock_server.actions.tokens.keys import signing_key
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
    "set the clock": partial(set_clock, now=None, frozen=True),
    "advance the clock": lambda sandbox: advance_clock(sandbox, timedelta(hours=1)),
    "reset": reset,
    "end": end_sandbox,
    "end where unused": end_unused,
    "import": lambda sandbox: import_state(sandbox, export_state(sandbox)),
    "take a snapshot": take_snapshot,
    "restore a snapshot": lambda sandbox: restore_snapshot(sandbox, "a"),
    "remove a snapshot": lambda sandbox: remove_snapshot(sandbox, "a"),
    "arm a fault": lambda sandbox: arm_faults(sandbox, DOWN),
    "take a fault": lambda sandbox: take_fault(sandbox, surface="api"),
    "disarm a fault": lambda sandbox: disarm(sandbox, "1"),
    "disarm all faults": disarm_all,
    "make up a customer": lambda sandbox: create_customer(sandbox, MadeUpCustomer()),
    "renumber an account": lambda sandbox: renumber_account(sandbox, "test_residential"),
    "count a guess": lambda sandbox: count_guess(sandbox, "password", "a"),
    "count a call": lambda sandbox: count_call(sandbox, TOKEN),
    "arm automatic approval": lambda sandbox: arm_auto_approval(sandbox, TWICE),
    "approve automatically": take_auto_approval,
    "make a key": signing_key,
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
        take_snapshot(sandbox, "a")
        arm_faults(sandbox, DOWN)
        arm_auto_approval(sandbox, TWICE)
        client = sandbox.fixtures.clients[0].id
        add_webhook(sandbox, client, "https://hooks.example/a")
        fire(sandbox, "meter_created", client_id=client)
        yield sandbox
        sandbox.store.close()


@pytest.mark.parametrize("action", EXCLUSIVE.values(), ids=EXCLUSIVE.keys())
def test_an_exclusive_action_waits_for_writers(
    impatient: Sandbox, action: Callable[[Sandbox], object]
) -> None:
    with impatient.writing(), pytest.raises(TemporarilyUnavailable, match="does not answer"):
        action(impatient)


def test_other_actions_write_concurrently(impatient: Sandbox) -> None:
    with impatient.writing():
        note_use(impatient)
