"""Corrupts redirects to a client's callback, as an attacker would. Only redirects that carry a code are changed."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

from starlette.types import Message, Send

from mock_server.actions.connecting.consent import DECLINED
from mock_server.actions.sandboxes.faults import find_earlier_state, take_fault
from mock_server.domain.records import CallbackFault, Fault
from mock_server.domain.text.header_text import location_text
from mock_server.http.faults.target import FaultTarget
from mock_server.http.responses.header_fields import simulated_fault

_CARRIES = ("code", "referral")
_ERROR = ("error=access_denied", f"error_description={quote(DECLINED)}")


def corrupting_callbacks(target: FaultTarget, *, on_fault: Callable[[Fault], None]) -> Send:
    """A `send` that corrupts such a redirect if a fault matches; `on_fault` is called before the client can notice."""
    if target.surface.name != "pages":
        return target.send

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            fault = await _corrupt(message, target)
            if fault is not None:
                on_fault(fault)
        await target.send(message)

    return send


async def _corrupt(message: Message, target: FaultTarget) -> Fault | None:
    headers: list[tuple[bytes, bytes]] = list(message["headers"])
    location = next((value for name, value in headers if name == b"location"), b"").decode("latin-1")
    parts = urlsplit(location)
    parameters = parts.query.split("&")
    if not _find(parameters, *_CARRIES):
        return None
    sandbox, client_id = target.sandbox, target.context.client_id
    fault = await sandbox.run(
        take_fault, sandbox, surface="callback", method="GET", path=parts.path, client_id=client_id
    )
    if fault is None or fault.effect.callback is None:
        return None
    other = sandbox.random.secret()
    if fault.effect.callback == "replayed_state":
        state = (_find(parameters, "state") or "").partition("=")[2]
        earlier = await sandbox.run(sandbox.read, find_earlier_state, client_id, but=state)
        other = earlier or other
    query = "&".join(_corrupted(parameters, fault.effect.callback, other))
    corrupted = location_text(urlunsplit(parts._replace(query=query)))
    others = [pair for pair in headers if pair[0] != b"location"]
    name, value = simulated_fault(fault.name)
    message["headers"] = [*others, (b"location", corrupted.encode()), (name.lower().encode(), value.encode())]
    return fault


def _corrupted(parameters: list[str], how: CallbackFault, other: str) -> list[str]:
    """The parameters that the client gets, the state last; `other` replaces the code or the state."""
    match how:
        case "no_code":
            return _without(parameters, *_CARRIES)
        case "no_state":
            return _without(parameters, "state")
        case "code_and_error":
            state = [pair for pair in parameters if pair.startswith("state=")]
            return [*_without(parameters, "state"), *_ERROR, *state]
        case "foreign_code":
            return [f"code={other}", *_without(parameters, *_CARRIES)]
        case "foreign_state" | "replayed_state":
            return [*_without(parameters, "state"), f"state={other}"]


def _find(parameters: list[str], *names: str) -> str | None:
    return next((pair for pair in parameters if pair.partition("=")[0] in names), None)


def _without(parameters: list[str], *names: str) -> list[str]:
    return [pair for pair in parameters if pair.partition("=")[0] not in names]
