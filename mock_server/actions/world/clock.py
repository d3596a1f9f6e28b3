"""Moving the sandbox's clock: set, frozen, advanced. What becomes due by that is the business of `passage`."""

from datetime import datetime, timedelta

from mock_server.core.clock import ClockState
from mock_server.core.errors import InvalidRequest
from mock_server.core.instants import EARLIEST, LATEST, RANGE
from mock_server.sandbox import Sandbox


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
