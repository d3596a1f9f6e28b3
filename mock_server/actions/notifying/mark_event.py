"""Marks an event as delivered when a client has read it elsewhere."""

from mock_server.sandbox import Sandbox


def mark_delivered(sandbox: Sandbox, uid: str, *, is_delivered: bool) -> None:
    """Mark an event as delivered or missed. Either way it leaves the outbox and is not sent again."""
    with sandbox.writing() as transaction:
        transaction.events.change({"uid": uid}, is_delivered=is_delivered, due=None)
