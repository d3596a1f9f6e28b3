"""The messages page: emails, texts and calls, newest first, with clickable links."""

from starlette.responses import Response

from mock_server.actions.notifying.messages import list_messages
from mock_server.control.console.frame import console_page, pages
from mock_server.domain.records import Channel
from mock_server.http.context import Context

router = pages("/console")

_MOST_LISTED = 100
_CHANNELS: dict[Channel, str] = {"email": "Email", "text": "Text", "call": "Call"}


@router.get("/messages")
async def show(context: Context) -> Response:
    """The newest messages. `to` in the query is a phone number or email address exactly as on file."""
    sandbox, to = context.sandbox, context.query.one("to")
    found = await sandbox.run(sandbox.read, list_messages, to=to, limit=_MOST_LISTED)
    return console_page(
        context,
        "messages.html",
        here="Messages",
        script="live.js",
        to=to or "",
        action=context.links.page("_mock", "console", "messages"),
        most=_MOST_LISTED,
        messages=[
            {
                "to": message.to,
                "channel": _CHANNELS[message.channel],
                "subject": message.subject,
                "body": message.body,
                "code": message.code,
                "at": f"{message.at:%Y-%m-%d %H:%M:%S}",
            }
            for message in found
        ],
    )
