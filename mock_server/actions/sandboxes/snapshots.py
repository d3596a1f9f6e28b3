"""Copies of a whole sandbox, made inside the database: to go back to, and to begin another sandbox with.

Ids and tokens work in the copy as they did in the original. The journal is no part of it, nor are the keys of the
single sign-on.
"""

from mock_server.actions.sandboxes.load import SURVIVES_RESET
from mock_server.domain.errors import Conflict, NotFound, SandboxEnded
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Snapshot
from mock_server.sandbox import Sandbox, clock_state
from mock_server.store import SNAPSHOT, Transaction

_MOST = 100


def take_snapshot(sandbox: Sandbox, name: str | None = None) -> Snapshot:
    """Keep what the sandbox holds now under a name, in place of a former one; without a name it gets a number.

    Raises Conflict where the sandbox has too many of them.
    """
    with sandbox.writing(alone=True) as rows:
        known = {one.name for one in rows.snapshots.list()}
        chosen = name or next(number for number in map(str, range(1, _MOST + 2)) if number not in known)
        if chosen not in known and len(known) >= _MOST:
            raise Conflict(
                f"There are {_MOST} snapshots, and there can be no more. DELETE one that you need no more."
            )
        state = rows.states.get()
        made = Snapshot(name=chosen, taken=sandbox.clock.at(clock_state(state)))
        rows.snapshots.remove(name=chosen)
        rows.snapshots.add(made)
        copy = rows.of(kept_as(sandbox.name, chosen))
        copy.clear()
        copy.copy_from(sandbox.name, leave=SURVIVES_RESET)
    return made


def list_snapshots(sandbox: Sandbox) -> list[Snapshot]:
    """All of them, by name."""
    with sandbox.reading() as rows:
        return rows.snapshots.list(order="name")


def restore_snapshot(sandbox: Sandbox, name: str) -> Snapshot:
    """Make the sandbox what it was, its clock included: that goes on from the instant of the snapshot.

    The journal is emptied, as by a reset. Raises NotFound.
    """
    with sandbox.writing(alone=True) as rows:
        found = _get(rows, name)
        _become(sandbox, rows, kept_as(sandbox.name, name))
        _go_on(sandbox, rows, found)
    sandbox.journal.clear()
    return found


def remove_snapshot(sandbox: Sandbox, name: str) -> None:
    """Forget one. Raises NotFound."""
    with sandbox.writing(alone=True) as rows:
        _get(rows, name)
        rows.snapshots.remove(name=name)
        rows.of(kept_as(sandbox.name, name)).clear()


def fork(source: Sandbox, into: Sandbox, *, snapshot: str | None = None) -> None:
    """Begin a sandbox as a copy of another, or of one of its snapshots. Raises NotFound; Conflict if it has begun."""
    with into.beginning(source=source.name) as rows:
        if rows.state is not None:
            raise Conflict(f"There is a sandbox {into.name!r} already. End it first, or choose another name.")
        if rows.of(source.name).states.find() is None:
            raise SandboxEnded(f"The sandbox {source.name!r} ended before it was copied. Copy another one.")
        rows.clear()
        if snapshot is None:
            _become(into, rows, source.name)
            return
        found = _get(rows.of(source.name), snapshot)
        _become(into, rows, kept_as(source.name, snapshot))
        _go_on(into, rows, found)


def forget_snapshots(sandbox: Sandbox, rows: Transaction) -> None:
    """All of them go: the sandbox ends."""
    for one in rows.snapshots.list():
        rows.of(kept_as(sandbox.name, one.name)).clear()


def _become(sandbox: Sandbox, rows: Transaction, original: str) -> None:
    rows.clear(keep=SURVIVES_RESET)
    rows.copy_from(original, leave=SURVIVES_RESET)
    rows.states.change({}, used=sandbox.clock.machine_now(), incarnation=sandbox.chance.secret())


def _go_on(sandbox: Sandbox, rows: Transaction, snapshot: Snapshot) -> None:
    """Let a clock that runs go on from when the snapshot was taken: what was valid then is valid again."""
    if rows.states.get().clock_frozen is None:
        offset = sandbox.clock.offset_for(snapshot.taken)
        rows.states.change({}, clock_offset_seconds=offset.total_seconds())


def _get(rows: Transaction, name: str) -> Snapshot:
    found = rows.snapshots.find(name=name)
    if found is None:
        known = ", ".join(one.name for one in rows.snapshots.list(order="name")) or "none"
        raise NotFound(f"There is no snapshot {name[:40]!r}. Known are: {known}.")
    return found


def kept_as(sandbox: str, name: str) -> str:
    """Under which name the copy of a sandbox is kept; no path can say it."""
    return SNAPSHOT + fingerprint(f"{sandbox}/{name}")[:39]
