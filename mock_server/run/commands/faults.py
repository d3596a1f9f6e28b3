"""Commands for faults."""

import json
from typing import Annotated, Any

import typer

from mock_server.domain.records.faults import is_given
from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def fault(
    server: Remote,
    preset: Annotated[
        str | None, typer.Argument(help="A preset, such as flaky; or say it by options.")
    ] = None,
    path: Annotated[str | None, typer.Option(help="Addresses: '/api/v2/*', where * is anything.")] = None,
    method: Annotated[str | None, typer.Option(help="GET, POST and so on.")] = None,
    client_id: Annotated[str | None, typer.Option(help="One client's requests only.")] = None,
    status: Annotated[int | None, typer.Option(help="Answer with this status.")] = None,
    error: Annotated[str | None, typer.Option(help="Answer with this error, such as invalid_grant.")] = None,
    latency_ms: Annotated[int | None, typer.Option("--latency-ms", help="Answer so much later.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Break the connection.")] = False,
    effect: Annotated[
        str | None, typer.Option(help="""Any other effect, as JSON: '{"truncate": true}'.""")
    ] = None,
    when: Annotated[
        str | None, typer.Option(help="instead of the action, or after it was committed.")
    ] = None,
    times: Annotated[int | None, typer.Option(help="How often; unset, until disarmed.")] = None,
) -> CommandOutput:
    """Make matching requests fail."""
    if preset is not None:
        wish: dict[str, Any] = {"preset": preset}
    else:
        match = {"path": path, "method": method, "client_id": client_id}
        simple = {"status": status, "error": error, "latency_ms": latency_ms, "reset": reset or None}
        wish = {"match": _given(match), "effect": {**_given(simple), **_effect(effect)}}
    wish |= _given({"when": when, "times": times})
    response = server.call("POST", "faults", wish)
    return CommandOutput(response, [f"Armed: {response['id']}", *_listed(response["faults"])])


def faults(server: Remote) -> CommandOutput:
    """List the armed faults, and how often each was applied."""
    response = server.call("GET", "faults")
    return CommandOutput(response, _listed(response["faults"]) or ["Nothing is armed."])


def disarm(
    server: Remote,
    fault: Annotated[str | None, typer.Argument(help="Id or preset; unset, all of them.")] = None,
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
        raise typer.BadParameter(f"--effect is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter("""--effect must be an object, such as '{"truncate": true}'.""")
    return found


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _listed(found: list[dict[str, Any]]) -> list[str]:
    return table(
        (
            one["preset"] or one["id"],
            _compact(one["match"]),
            one["when"],
            _compact(one["effect"]),
            "until disarmed" if one["times_left"] is None else f"{one['times_left']} left",
            f"applied to {one['fired']} of {one['seen']}",
        )
        for one in found
    )


def _compact(values: dict[str, Any]) -> str:
    """As JSON, without what says nothing."""
    return json.dumps({name: value for name, value in values.items() if is_given(value)})


COMMANDS = (fault, faults, disarm)
