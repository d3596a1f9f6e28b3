"""Sets, freezes and advances the sandbox's clock. `due_events` announces what becomes due."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from mock_server.actions.leases import LEASE, renewing
from mock_server.domain.errors import InvalidRequest, SandboxEnded, SandboxReplaced
from mock_server.domain.records import SandboxState
from mock_server.domain.time.clock import ClockState
from mock_server.domain.time.instants import EARLIEST, LATEST, RANGE
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def set_clock(
    sandbox: Sandbox, transaction: Transaction, *, now: datetime | None, frozen: bool | None
) -> ClockState:
    """Set the clock to an instant, and freeze it or let it run; None leaves that part unchanged."""
    instant = now or transaction.now
    freezes = _is_frozen(transaction.state) if frozen is None else frozen
    return _store(sandbox, transaction, instant, freezes=freezes)


def advance_clock(sandbox: Sandbox, transaction: Transaction, by: timedelta) -> ClockState:
    """Move the clock forward; it stays frozen if it was."""
    if by < timedelta():
        raise InvalidRequest("The clock only advances forward. To go back, PUT /_mock/clock with `now`.")
    try:
        instant = transaction.now + by
    except OverflowError as error:
        raise InvalidRequest(RANGE) from error
    return _store(sandbox, transaction, instant, freezes=_is_frozen(transaction.state))


def _is_frozen(state: SandboxState | None) -> bool:
    return state is not None and state.clock_frozen is not None


@contextmanager
def moving(sandbox: Sandbox) -> Iterator[None]:
    """While the block runs, no worker announces or sends due events in the background; the caller does it."""
    with sandbox.moving:
        keep_moving(sandbox)
        try:
            with renewing(partial(keep_moving, sandbox)):
                yield
        finally:
            with suppress(SandboxEnded, SandboxReplaced), sandbox.writing() as transaction:
                transaction.states.change({}, moving_until=None)


def keep_moving(sandbox: Sandbox) -> None:
    """Mark for the duration of a lease that a call moves the clock, so that a dead process does not block others."""
    with sandbox.writing() as transaction:
        transaction.states.change({}, moving_until=transaction.lease_now() + LEASE)


def is_being_moved(sandbox: Sandbox) -> bool:
    """Whether a call is moving the clock, in any process."""
    state = sandbox.store.find_state()
    if state is None or state.moving_until is None:
        return False
    with sandbox.reading() as transaction:
        return timedelta() < state.moving_until - transaction.lease_now() <= LEASE


def check_instant(instant: datetime) -> None:
    """Raises InvalidRequest for an instant outside the clock's range."""
    if not EARLIEST <= instant <= LATEST:
        raise InvalidRequest(RANGE)


def _store(sandbox: Sandbox, transaction: Transaction, instant: datetime, *, freezes: bool) -> ClockState:
    check_instant(instant)
    offset = sandbox.clock.offset_for(instant)
    frozen = instant if freezes else None
    transaction.states.change({}, clock_offset_seconds=offset.total_seconds(), clock_frozen=frozen)
    return ClockState(offset=offset, frozen=frozen)
