"""Snapshots: copies of a sandbox inside the database, to restore or to fork.

Ids and tokens work in the copy as in the original. The copy excludes the journal and the keys of the single sign-on.
"""

from mock_server.actions.sandboxes.load import SURVIVES_RESET
from mock_server.domain.errors import Conflict, NotFound, SandboxEnded
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Snapshot
from mock_server.sandbox import Sandbox, clock_state
from mock_server.store import SNAPSHOT, Transaction

_MOST = 100


def take_snapshot(sandbox: Sandbox, transaction: Transaction, name: str | None = None) -> Snapshot:
    """Store a copy of the sandbox under a name, replacing an earlier one; a missing name becomes a number.

    Raises Conflict if the sandbox has too many snapshots.
    """
    known = {one.name for one in transaction.snapshots.list()}
    chosen = name or next(number for number in map(str, range(1, _MOST + 2)) if number not in known)
    if chosen not in known and len(known) >= _MOST:
        raise Conflict(f"This sandbox already has {_MOST} snapshots, the maximum. DELETE one first.")
    state = transaction.states.get()
    made = Snapshot(name=chosen, taken=sandbox.clock.at(clock_state(state)))
    transaction.snapshots.remove(name=chosen)
    transaction.snapshots.add(made)
    copy = transaction.of(copy_name_of(sandbox.name, chosen))
    copy.clear()
    copy.copy_from(sandbox.name, leave=SURVIVES_RESET)
    return made


def list_snapshots(sandbox: Sandbox, transaction: Transaction) -> list[Snapshot]:
    """All snapshots, by name."""
    return transaction.snapshots.list(order="name")


def restore_snapshot(sandbox: Sandbox, name: str) -> Snapshot:
    """Restore the sandbox and its clock, which continues from the instant of the snapshot.

    Clears the journal, like a reset. Raises NotFound.
    """
    with sandbox.writing(exclusive=True) as transaction:
        found = _get(transaction, name)
        _copy_into(sandbox, transaction, copy_name_of(sandbox.name, name))
        _continue_clock(sandbox, transaction, found)
    sandbox.journal.clear()
    return found


def remove_snapshot(sandbox: Sandbox, transaction: Transaction, name: str) -> None:
    """Delete a snapshot. Raises NotFound."""
    _get(transaction, name)
    transaction.snapshots.remove(name=name)
    transaction.of(copy_name_of(sandbox.name, name)).clear()


def fork(source: Sandbox, into: Sandbox, *, snapshot: str | None = None) -> None:
    """Create a sandbox as a copy of another, or of one of its snapshots.

    Raises NotFound, SandboxEnded if the source has ended, Conflict if the new sandbox exists.
    """
    with into.beginning(source=source.name) as transaction:
        if transaction.state is not None:
            raise Conflict(f"The sandbox {into.name!r} already exists. End it first, or choose another name.")
        if transaction.of(source.name).states.find() is None:
            raise SandboxEnded(f"The sandbox {source.name!r} ended before it was copied. Copy another one.")
        transaction.clear()
        if snapshot is None:
            _copy_into(into, transaction, source.name)
            return
        found = _get(transaction.of(source.name), snapshot)
        _copy_into(into, transaction, copy_name_of(source.name, snapshot))
        _continue_clock(into, transaction, found)


def forget_snapshots(sandbox: Sandbox, transaction: Transaction) -> None:
    """Delete all snapshots, because the sandbox ends."""
    for one in transaction.snapshots.list():
        transaction.of(copy_name_of(sandbox.name, one.name)).clear()


def _copy_into(sandbox: Sandbox, transaction: Transaction, original: str) -> None:
    transaction.clear(keep=SURVIVES_RESET)
    transaction.copy_from(original, leave=SURVIVES_RESET)
    transaction.states.change({}, used=sandbox.clock.machine_now(), incarnation=sandbox.random.secret())


def _continue_clock(sandbox: Sandbox, transaction: Transaction, snapshot: Snapshot) -> None:
    """Continue a running clock from the snapshot's instant, so that what was valid then is valid again."""
    if transaction.states.get().clock_frozen is None:
        offset = sandbox.clock.offset_for(snapshot.taken)
        transaction.states.change({}, clock_offset_seconds=offset.total_seconds())


def _get(transaction: Transaction, name: str) -> Snapshot:
    found = transaction.snapshots.find(name=name)
    if found is None:
        known = ", ".join(one.name for one in transaction.snapshots.list(order="name")) or "none"
        raise NotFound(f"There is no snapshot {name[:40]!r}. Known snapshots: {known}.")
    return found


def copy_name_of(sandbox: str, name: str) -> str:
    """The name of a sandbox's stored copy. No path can name it."""
    return SNAPSHOT + fingerprint(f"{sandbox}/{name}")[:39]
