"""A transaction of a sandbox has one instant, until it has waited for a row."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from mock_server.domain.time.clock import Clock
from mock_server.sandbox import Sandbox
from tests.conftest import NOON


def ticking(sandbox: Sandbox) -> Sandbox:
    """The same, on a machine whose clock goes on by a second each time it is read."""
    seconds = count()
    clock = Clock(sandbox.clock.read_state, machine_now=lambda: NOON + timedelta(seconds=next(seconds)))
    return replace(sandbox, clock=clock)


def test_a_transaction_has_one_instant(sandbox: Sandbox) -> None:
    with ticking(sandbox).writing() as transaction:
        assert transaction.now == transaction.now


def test_what_is_decided_about_a_row_is_decided_at_an_instant_after_it_was_held(sandbox: Sandbox) -> None:
    with ticking(sandbox).writing() as transaction:
        before = transaction.now
        assert transaction.clients.hold(id=sandbox.fixtures.clients[0].id) is not None
        held = transaction.now
        assert held > before
        assert transaction.now == held
