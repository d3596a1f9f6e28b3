"""Commands for the sandbox: reset, snapshots, state, sandboxes."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote, path_of


def reset(server: Remote) -> CommandOutput:
    """Reset the sandbox to its fixtures."""
    server.call("POST", "reset")
    return CommandOutput(None, ["Reset to the fixtures."])


def state(
    server: Remote,
    load: Annotated[
        Path | None, typer.Option("--load", exists=True, dir_okay=False, help="File to import.")
    ] = None,
) -> CommandOutput:
    """Print the sandbox as one JSON document; --load imports one."""
    if load is None:
        response = server.call("GET", "state")
        return CommandOutput(response, [json.dumps(response, indent=2, ensure_ascii=False)])
    try:
        document = json.loads(load.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise typer.BadParameter(f"{load} is not a JSON document: {error}") from error
    response = server.call("PUT", "state", document)
    return CommandOutput(response, [f"Loaded. The clock shows {response['now']}."])


def snapshot(
    server: Remote,
    name: Annotated[str | None, typer.Argument(help="Name of the snapshot (default: a number).")] = None,
) -> CommandOutput:
    """Save a snapshot of the sandbox, for `restore`."""
    response = server.call("POST", "snapshots", {"name": name})
    return CommandOutput(response, [f"Saved as {response['name']}."])


def snapshots(server: Remote) -> CommandOutput:
    """List the snapshots."""
    response = server.call("GET", "snapshots")
    rows = [(snapshot["name"], snapshot["taken"]) for snapshot in response["snapshots"]]
    return CommandOutput(response, table(rows) or ["No snapshots."])


def restore(
    server: Remote, name: Annotated[str, typer.Argument(help="Name of the snapshot.")]
) -> CommandOutput:
    """Restore a snapshot, including tokens and clock."""
    response = server.call("POST", path_of("snapshots", name, "restore"))
    return CommandOutput(response, [f"Restored {response['name']}. The clock shows {response['taken']}."])


def sandboxes(
    server: Remote, end: Annotated[str | None, typer.Option(help="Delete the sandbox with this name.")] = None
) -> CommandOutput:
    """List the server's sandboxes and when each was last used."""
    if end is not None:
        server.call("DELETE", path_of("sandboxes", end))
    response = server.call("GET", "sandboxes")
    return CommandOutput(
        response, table((sandbox["name"], sandbox["used"]) for sandbox in response["sandboxes"])
    )


COMMANDS = (reset, state, snapshot, snapshots, restore, sandboxes)
