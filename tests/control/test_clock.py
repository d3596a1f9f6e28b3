"""Moving the clock by the control API, beside a background that catches up each second."""

from mock_server.app import _breathe
from mock_server.sandbox import Sandbox


def test_the_background_takes_nothing_of_what_a_move_of_the_clock_brings(sandbox: Sandbox) -> None:
    """Else the answer of the move would not list it, and would come before it was done."""
    caught_up: list[str] = []
    with sandbox.moving:
        _breathe(sandbox, lambda one: caught_up.append(one.name))
    assert caught_up == []
    _breathe(sandbox, lambda one: caught_up.append(one.name))
    assert caught_up == ["default"]
