"""Moving the clock while the background pass runs every second."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Lock

import pytest

from mock_server.actions.notifying.outbox import list_attempts
from mock_server.actions.notifying.webhooks import add_webhook
from mock_server.actions.sandboxes.clock import advance_clock, keep_moving, moving
from mock_server.http.background import background_pass
from mock_server.sandbox import Sandbox
from tests.support import Third
from tests.webhooks.receiver import HOOK, Receiver, pass_time

Pass = Callable[[Sandbox], list[str]]


@pytest.fixture
def one_pass() -> Pass:
    def one_pass(sandbox: Sandbox) -> list[str]:
        caught_up: list[str] = []
        background_pass(sandbox, lambda one, goes_on: caught_up.append(f"{one.name} {goes_on()}"))
        return caught_up

    return one_pass


@pytest.fixture
def elsewhere(sandbox: Sandbox) -> Sandbox:
    """The same sandbox in another process."""
    return replace(sandbox, moving=Lock())


def test_the_background_leaves_what_becomes_due_to_the_move(
    sandbox: Sandbox, elsewhere: Sandbox, one_pass: Pass
) -> None:
    """Otherwise the response to the move would not list it, and could come before it is done."""
    with moving(sandbox):
        assert one_pass(sandbox) == one_pass(elsewhere) == []
    assert one_pass(sandbox) == one_pass(elsewhere) == ["default True"]


def test_the_background_stops_when_another_process_moves_the_clock(
    sandbox: Sandbox, elsewhere: Sandbox
) -> None:
    went_on: list[bool] = []

    def catch_up(one: Sandbox, goes_on: Callable[[], bool]) -> None:
        went_on.append(goes_on())
        keep_moving(elsewhere)
        went_on.append(goes_on())

    background_pass(sandbox, catch_up)
    assert went_on == [True, False]


@pytest.mark.parametrize("later", [timedelta(minutes=2), timedelta(minutes=-2)], ids=str)
def test_the_background_does_not_wait_for_a_process_that_died_during_a_move(
    sandbox: Sandbox, elsewhere: Sandbox, one_pass: Pass, later: timedelta
) -> None:
    """Even if the machine's clock has been set back since."""
    keep_moving(elsewhere)
    assert one_pass(sandbox) == []
    with elsewhere.writing() as transaction:
        transaction.states.change({}, moving_until=transaction.lease_now() - later)
    assert one_pass(sandbox) == ["default True"]


def test_the_next_pass_sends_what_the_last_one_left(sandbox: Sandbox, third: Third) -> None:
    receiver = Receiver()
    sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    third.approval()
    pass_time(sandbox, timedelta())
    sandbox.write_alone(advance_clock, timedelta(days=5))
    steps = iter([True, True, True])  # one to announce what is due, two for deliveries
    first = pass_time(sandbox, timedelta(), goes_on=lambda: next(steps, False))
    assert len(first.attempts) == 2
    rest = pass_time(sandbox, timedelta())
    assert rest.happened == ()
    assert len(rest.attempts) == 4  # in total five days of readings, and a bill
    assert len(sandbox.read(list_attempts)) == 7
