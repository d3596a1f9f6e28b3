"""Marks an event as delivered when a client has read it elsewhere."""

from mock_server.sandbox import Sandbox


def mark_delivered(sandbox: Sandbox, uid: str, *, is_delivered: bool) -> None:
    """Delivered, it leaves the outbox; not delivered, it is only listed as missed and not sent again by itself."""
    with sandbox.writing() as transaction:
        transaction.events.change({"uid": uid}, is_delivered=is_delivered, due=None)
