"""Commands for the clock."""

from typing import Annotated, Any

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def clock(
    server: Remote,
    now: Annotated[
        str | None, typer.Option("--set", help="Time to set, such as 2026-01-31T12:00:00Z.")
    ] = None,
    frozen: Annotated[
        bool | None, typer.Option("--freeze/--run", help="Freeze the clock or let it run.")
    ] = None,
) -> CommandOutput:
    """Show, set, freeze or run the sandbox's clock."""
    changes = {name: value for name, value in (("now", now), ("frozen", frozen)) if value is not None}
    response = server.call("PUT", "clock", changes) if changes else server.call("GET", "clock")
    return CommandOutput(response, [_formatted(response)])


def advance(
    server: Remote, by: Annotated[str, typer.Argument(help="Duration: 40d, 1h30m, or ISO 8601 such as P40D.")]
) -> CommandOutput:
    """Move the clock forward, and print what happened meanwhile."""
    response = server.call("POST", "clock/advance", {"by": by})
    happened = [
        (event["at"], event["type"], event["authorization_uid"], event["meter_uid"])
        for event in response["happened"]
    ]
    sent = [
        (attempt["at"], attempt["kind"], attempt["target"], attempt["status"] or attempt["problem"])
        for attempt in response["sent"]
    ]
    lines = [*table(happened), *(["Sent:", *table(sent)] if sent else []), _formatted(response)]
    return CommandOutput(response, lines)


def _formatted(response: dict[str, Any]) -> str:
    return f"{response['now']}{' (frozen)' if response['frozen'] else ''}"


COMMANDS = (clock, advance)
