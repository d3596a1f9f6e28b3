"""Commands for the request log and the outbox."""

from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def exchanges(
    server: Remote,
    path: Annotated[str | None, typer.Option(help="Path pattern, such as '/api/v2/*'.")] = None,
    status: Annotated[str | None, typer.Option(help="Status: 401, 4xx, or none.")] = None,
    client_id: Annotated[str | None, typer.Option(help="Requests of this client only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number; the newest are kept.")] = 20,
) -> CommandOutput:
    """List the requests of clients and the responses, oldest first."""
    query = {"path": path, "status": status, "client_id": client_id, "limit": limit}
    response = server.call("GET", "exchanges", query=query)
    rows = [
        (
            entry["at"],
            entry["method"],
            f"{entry['path']}?{entry['query']}" if entry["query"] else entry["path"],
            entry["status"] or "no answer",
            entry["error"] or entry["fault"] or "",
            entry["client_id"] or "",
            entry["id"],
        )
        for entry in response["exchanges"]
    ]
    return CommandOutput(response, table(rows) or ["Nothing yet."])


def messages(
    server: Remote,
    to: Annotated[str | None, typer.Option(help="Phone number or email address.")] = None,
) -> CommandOutput:
    """List the emails, texts and calls to customers, newest first."""
    response = server.call("GET", "messages", query={"to": to})
    lines = [
        f"{message['at']}  {message['channel']} to {message['to']}: {message['subject']}\n    {message['body']}"
        for message in response["messages"]
    ]
    return CommandOutput(response, lines or ["Nothing yet."])


COMMANDS = (exchanges, messages)
