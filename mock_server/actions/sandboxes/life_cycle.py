"""Records the use of a sandbox, and deletes it."""

from datetime import timedelta

from mock_server.actions.sandboxes.shared_journal import ledger_of
from mock_server.actions.sandboxes.snapshots import forget_snapshots
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

UNUSED_LIFETIME = timedelta(days=1)


def note_use(sandbox: Sandbox, transaction: Transaction) -> None:
    """Record that the sandbox is in use, by the machine's clock, because the sandbox's own clock may be moved."""
    transaction.states.change({}, used=sandbox.clock.machine_now())


def end_sandbox(sandbox: Sandbox) -> None:
    """Delete the sandbox with its snapshots and journal. The next request to it creates it again.

    Raises SandboxEnded if it has already ended.
    """
    with sandbox.writing(exclusive=True) as transaction:
        _end(sandbox, transaction)
    sandbox.journal.forget()


def end_unused(sandbox: Sandbox) -> bool:
    """Delete the sandbox if it has not been used for a day; returns whether it was deleted."""
    with sandbox.writing(exclusive=True) as transaction:
        if transaction.states.get().used >= sandbox.clock.machine_now() - UNUSED_LIFETIME:
            return False
        _end(sandbox, transaction)
    sandbox.journal.forget()
    return True


def _end(sandbox: Sandbox, transaction: Transaction) -> None:
    forget_snapshots(sandbox, transaction)
    transaction.of(ledger_of(sandbox.name)).clear()
    transaction.clear()
