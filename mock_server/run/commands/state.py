"""Commands for the sandbox: reset, snapshots, state, sandboxes."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote, path_of


def reset(server: Remote) -> CommandOutput:
    """Back to the fixtures."""
    server.call("POST", "reset")
    return CommandOutput(None, ["As at first start."])


def state(
    server: Remote,
    load: Annotated[
        Path | None, typer.Option("--load", exists=True, dir_okay=False, help="Make it what this file says.")
    ] = None,
) -> CommandOutput:
    """Print the sandbox as one JSON document; --load imports one."""
    if load is None:
        response = server.call("GET", "state")
        return CommandOutput(response, [json.dumps(response, indent=2, ensure_ascii=False)])
    try:
        document = json.loads(load.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise typer.BadParameter(f"{load} is no JSON document: {error}") from error
    response = server.call("PUT", "state", document)
    return CommandOutput(response, [f"Loaded. The clock shows {response['now']}."])


def snapshot(
    server: Remote,
    name: Annotated[str | None, typer.Argument(help="What to call it; unset, it gets a number.")] = None,
) -> CommandOutput:
    """Keep the sandbox as it is now; `restore` goes back to it."""
    response = server.call("POST", "snapshots", {"name": name})
    return CommandOutput(response, [f"Kept as {response['name']}."])


def snapshots(server: Remote) -> CommandOutput:
    """List the snapshots."""
    response = server.call("GET", "snapshots")
    return CommandOutput(
        response, table((one["name"], one["taken"]) for one in response["snapshots"]) or ["Nothing is kept."]
    )


def restore(server: Remote, name: Annotated[str, typer.Argument(help="A snapshot's name.")]) -> CommandOutput:
    """Go back to a snapshot, tokens and clock included."""
    response = server.call("POST", path_of("snapshots", name, "restore"))
    return CommandOutput(response, [f"Back at {response['name']}. The clock shows {response['taken']}."])


def sandboxes(
    server: Remote, end: Annotated[str | None, typer.Option(help="Forget the sandbox of that name.")] = None
) -> CommandOutput:
    """Every sandbox of the server, and when it was used last."""
    if end is not None:
        server.call("DELETE", path_of("sandboxes", end))
    response = server.call("GET", "sandboxes")
    return CommandOutput(response, table((one["name"], one["used"]) for one in response["sandboxes"]))


COMMANDS = (reset, state, snapshot, snapshots, restore, sandboxes)
