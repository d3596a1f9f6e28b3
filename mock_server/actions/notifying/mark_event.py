"""Marks an event as delivered when a client has read it elsewhere."""

from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def mark_delivered(sandbox: Sandbox, transaction: Transaction, uid: str, *, is_delivered: bool) -> None:
    """Mark an event as delivered or missed. Either way it leaves the outbox and is not sent again."""
    transaction.events.change({"uid": uid}, is_delivered=is_delivered, due=None)
