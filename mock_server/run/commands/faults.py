"""Commands for faults."""

import json
from typing import Annotated, Any

import typer

from mock_server.domain.records.faults import is_given
from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def fault(
    server: Remote,
    preset: Annotated[str | None, typer.Argument(help="A preset, such as flaky. Or use the options.")] = None,
    path: Annotated[str | None, typer.Option(help="Path pattern, such as '/api/v2/*'.")] = None,
    method: Annotated[str | None, typer.Option(help="HTTP method, such as GET.")] = None,
    client_id: Annotated[str | None, typer.Option(help="Match requests of this client only.")] = None,
    status: Annotated[int | None, typer.Option(help="Respond with this status.")] = None,
    error: Annotated[str | None, typer.Option(help="Respond with this error, such as invalid_grant.")] = None,
    latency_ms: Annotated[
        int | None, typer.Option("--latency-ms", help="Delay the response by this many milliseconds.")
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Break the connection.")] = False,
    effect: Annotated[
        str | None, typer.Option(help="""Any other effect, as JSON: '{"truncate": true}'.""")
    ] = None,
    when: Annotated[
        str | None, typer.Option(help="'instead' of the action, or 'after' it was committed.")
    ] = None,
    times: Annotated[int | None, typer.Option(help="Number of requests (default: until disarmed).")] = None,
) -> CommandOutput:
    """Make matching requests fail."""
    if preset is not None:
        body: dict[str, Any] = {"preset": preset}
    else:
        match = {"path": path, "method": method, "client_id": client_id}
        simple = {"status": status, "error": error, "latency_ms": latency_ms, "reset": reset or None}
        body = {"match": _given(match), "effect": {**_given(simple), **_effect(effect)}}
    body |= _given({"when": when, "times": times})
    response = server.call("POST", "faults", body)
    return CommandOutput(response, [f"Armed: {response['id']}", *_listed(response["faults"])])


def faults(server: Remote) -> CommandOutput:
    """List the armed faults and how often each was applied."""
    response = server.call("GET", "faults")
    return CommandOutput(response, _listed(response["faults"]) or ["No faults are armed."])


def disarm(
    server: Remote,
    fault: Annotated[str | None, typer.Argument(help="Id or preset (default: all).")] = None,
) -> CommandOutput:
    """Remove armed faults."""
    server.call("DELETE", "faults" if fault is None else f"faults/{fault}")
    return CommandOutput(None, ["Disarmed."])


def _effect(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"--effect is not valid JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter("""--effect must be a JSON object, such as '{"truncate": true}'.""")
    return found


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _listed(found: list[dict[str, Any]]) -> list[str]:
    return table(
        (
            fault["preset"] or fault["id"],
            _compact(fault["match"]),
            fault["when"],
            _compact(fault["effect"]),
            "until disarmed" if fault["times_left"] is None else f"{fault['times_left']} left",
            f"applied to {fault['fired']} of {fault['seen']}",
        )
        for fault in found
    )


def _compact(values: dict[str, Any]) -> str:
    """The values as JSON, without defaults."""
    return json.dumps({name: value for name, value in values.items() if is_given(value)})


COMMANDS = (fault, faults, disarm)
