"""The call that lists the emails, texts and phone calls that a real utility would have sent."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from mock_server.actions.notifying.messages import list_messages
from mock_server.control.calls import calls
from mock_server.http.context import Context

router = calls()


class MessageShape(BaseModel):
    """A message; `code` is its one-time code, if any."""

    to: str
    channel: Literal["email", "text", "call"]
    subject: str
    body: str
    code: str | None
    at: datetime


class MessageList(BaseModel):
    """Messages, newest first."""

    messages: list[MessageShape]


@router.get("/messages")
async def read_outbox(context: Context, to: str | None = None) -> MessageList:
    """The newest 1,000 messages. `to` is a phone number or email address exactly as on file."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_messages, to=to)
    return MessageList(
        messages=[
            MessageShape(
                to=message.to,
                channel=message.channel,
                subject=message.subject,
                body=message.body,
                code=message.code,
                at=message.at,
            )
            for message in found
        ]
    )
