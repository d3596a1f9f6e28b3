"""The life of a sandbox among others: used, unused, ended."""

from datetime import timedelta

from mock_server.actions.world.snapshots import forget_snapshots
from mock_server.sandbox import Sandbox

KEPT_UNUSED = timedelta(days=1)


def note_use(sandbox: Sandbox) -> None:
    """Remember that somebody uses it now, by the machine's clock: the sandbox's own may stand anywhere."""
    with sandbox.store.writing() as rows:
        rows.states.change({}, used=sandbox.clock.machine_now())


def end_sandbox(sandbox: Sandbox) -> None:
    """Forget it with all that it holds, its snapshots too; the next request to it makes it anew."""
    sandbox.journal.clear()
    with sandbox.store.writing(alone=True) as rows:
        forget_snapshots(sandbox, rows)
        rows.clear()
