"""Batches that need preparation: the first request starts it, later requests read the finished batch."""

from datetime import timedelta

from mock_server.actions.reading.shares import Share
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def seconds_until_ready(sandbox: Sandbox, transaction: Transaction, share: Share) -> int:
    """The seconds until a slow customer's batch is ready, 0 if it is; starts the preparation if needed.

    `due_events` notifies the client when the batch is ready.
    """
    delay, uid = timedelta(seconds=share.customer.batch_delay_seconds), share.authorization.uid
    if not delay:
        return 0
    found, now = transaction.authorizations.hold(uid=uid), transaction.now
    ready = found.batch_ready if found else None
    if ready is None:
        ready = now + delay
        wakes = min(ready, found.wakes or ready) if found else ready
        transaction.authorizations.change({"uid": uid}, batch_ready=ready, wakes=wakes)
    return max(0, -((now - ready) // timedelta(seconds=1)))
