"""Commands for the request log and the outbox."""

from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def exchanges(
    server: Remote,
    path: Annotated[str | None, typer.Option(help="Addresses: '/api/v2/*', where * is anything.")] = None,
    status: Annotated[str | None, typer.Option(help="401, 4xx, or none.")] = None,
    client_id: Annotated[str | None, typer.Option(help="One client's only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most, the newest of them.")] = 20,
) -> CommandOutput:
    """What clients sent and got, oldest first."""
    query = {"path": path, "status": status, "client_id": client_id, "limit": limit}
    response = server.call("GET", "exchanges", query=query)
    rows = [
        (
            one["at"],
            one["method"],
            f"{one['path']}?{one['query']}" if one["query"] else one["path"],
            one["status"] or "no answer",
            one["error"] or one["fault"] or "",
            one["client_id"] or "",
            one["id"],
        )
        for one in response["exchanges"]
    ]
    return CommandOutput(response, table(rows) or ["Nothing yet."])


def messages(
    server: Remote,
    to: Annotated[str | None, typer.Option(help="A phone number or an email address.")] = None,
) -> CommandOutput:
    """Mails, texts and calls that customers got, newest first."""
    response = server.call("GET", "messages", query={"to": to})
    lines = [
        f"{one['at']}  {one['channel']} to {one['to']}: {one['subject']}\n    {one['body']}"
        for one in response["messages"]
    ]
    return CommandOutput(response, lines or ["Nothing yet."])


COMMANDS = (exchanges, messages)
