"""Commands for the clock."""

from typing import Annotated, Any

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def clock(
    server: Remote,
    now: Annotated[
        str | None, typer.Option("--set", help="Instant to put it at: 2026-01-31T12:00:00Z.")
    ] = None,
    frozen: Annotated[bool | None, typer.Option("--freeze/--run", help="Stop it, or let it go on.")] = None,
) -> CommandOutput:
    """What the sandbox's clock shows; sets it, freezes it, lets it run."""
    setting = {name: value for name, value in (("now", now), ("frozen", frozen)) if value is not None}
    response = server.call("PUT", "clock", setting) if setting else server.call("GET", "clock")
    return CommandOutput(response, [_formatted(response)])


def advance(
    server: Remote, by: Annotated[str, typer.Argument(help="How far: 40d, 1h30m, or ISO 8601 such as P40D.")]
) -> CommandOutput:
    """Move the clock forward, and say what happened on the way."""
    response = server.call("POST", "clock/advance", {"by": by})
    happened = [
        (one["at"], one["type"], one["authorization_uid"], one["meter_uid"]) for one in response["happened"]
    ]
    sent = [
        (one["at"], one["kind"], one["target"], one["status"] or one["problem"]) for one in response["sent"]
    ]
    lines = [*table(happened), *(["Sent:", *table(sent)] if sent else []), _formatted(response)]
    return CommandOutput(response, lines)


def _formatted(response: dict[str, Any]) -> str:
    return f"{response['now']}{' (frozen)' if response['frozen'] else ''}"


COMMANDS = (clock, advance)
