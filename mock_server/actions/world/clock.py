"""Moving the sandbox's clock: set, frozen, advanced. What becomes due by that is the business of `passage`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from mock_server.core.clock import ClockState
from mock_server.core.errors import InvalidRequest
from mock_server.core.instants import EARLIEST, LATEST, RANGE
from mock_server.sandbox import Sandbox

_LEASE: Final = timedelta(minutes=1)


def set_clock(sandbox: Sandbox, *, now: datetime | None, frozen: bool | None) -> ClockState:
    """Put the clock at an instant and freeze it or let it run; None leaves that part as it is."""
    state = sandbox.clock.read_state()
    instant = now or sandbox.clock.now()
    freezes = state.frozen is not None if frozen is None else frozen
    return _store(sandbox, instant, freezes=freezes)


def advance_clock(sandbox: Sandbox, by: timedelta) -> ClockState:
    """Move the clock forward; it stays frozen if it was."""
    if by < timedelta():
        raise InvalidRequest("The clock advances forward only; to go back, PUT /_mock/clock with `now`.")
    state = sandbox.clock.read_state()
    try:
        instant = sandbox.clock.now() + by
    except OverflowError as error:
        raise InvalidRequest(RANGE) from error
    return _store(sandbox, instant, freezes=state.frozen is not None)


@contextmanager
def moving(sandbox: Sandbox) -> Iterator[None]:
    """Within the block what the clock brings is the caller's: no worker announces or sends it in the background."""
    with sandbox.moving:
        keep_moving(sandbox)
        try:
            yield
        finally:
            with sandbox.store.writing() as rows:
                rows.states.change({}, moving_until=None)


def keep_moving(sandbox: Sandbox) -> bool:
    """Say so for another minute, which must be done within each: a process that died is waited for no longer."""
    with sandbox.store.writing() as rows:
        rows.states.change({}, moving_until=sandbox.clock.machine_now() + _LEASE)
    return True


def is_being_moved(sandbox: Sandbox) -> bool:
    """Whether a call is moving the clock, in any process."""
    state = sandbox.store.find_state()
    if state is None or state.moving_until is None:
        return False
    return timedelta() < state.moving_until - sandbox.clock.machine_now() <= _LEASE


def check_instant(instant: datetime) -> None:
    """Raises InvalidRequest for an instant that no sandbox's clock shows."""
    if not EARLIEST <= instant <= LATEST:
        raise InvalidRequest(RANGE)


def _store(sandbox: Sandbox, instant: datetime, *, freezes: bool) -> ClockState:
    check_instant(instant)
    offset = sandbox.clock.offset_for(instant)
    frozen = instant if freezes else None
    with sandbox.store.writing() as rows:
        rows.states.change({}, clock_offset_seconds=offset.total_seconds(), clock_frozen=frozen)
    return ClockState(offset=offset, frozen=frozen)
