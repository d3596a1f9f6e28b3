"""The outbox of messages to customers, which people and tests can read."""

from datetime import datetime

from mock_server.domain.records import Channel, Message
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def send_message(
    transaction: Transaction,
    *,
    to: str,
    channel: Channel,
    subject: str,
    body: str,
    at: datetime,
    code: str | None = None,
) -> None:
    """Put a message into the outbox, in the transaction of the action that sends it."""
    number = transaction.next_number("message", first=1)
    transaction.messages.add(
        Message(id=number, to=to, channel=channel, subject=subject, body=body, code=code, at=at)
    )


def list_messages(
    sandbox: Sandbox, transaction: Transaction, *, to: str | None = None, limit: int = 1000
) -> list[Message]:
    """The outbox, newest first; `to` is a phone number or an email address as on file."""
    if to is None:
        return transaction.messages.list(order="-id", limit=limit)
    return transaction.messages.list(order="-id", limit=limit, to=to)
