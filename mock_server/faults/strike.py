"""The order in which a fault does its work. Each step is a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.actions.world.faults import client_of_token, take_fault
from mock_server.core.records import Fault, FaultEffect
from mock_server.faults.answer import Answer, collect
from mock_server.faults.delivery import Wait, break_off, deliver, fall_silent
from mock_server.faults.documents import spoil_xml
from mock_server.faults.entries import spoil_entries
from mock_server.faults.issued_tokens import spoil_tokens
from mock_server.faults.refusals import other_answer
from mock_server.journal import basic_user
from mock_server.sandbox import Sandbox
from mock_server.surface import LARGEST_BODY, Surface

HEADER = "X-Simulated-Fault"


@dataclass(frozen=True, kw_only=True)
class Victim:
    """A request on its way, and who would answer it."""

    sandbox: Sandbox
    surface: Surface
    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send


async def find_fault(victim: Victim) -> tuple[Fault | None, Victim]:
    """The fault that strikes, if any; and the victim, whose body may have been read to learn who it is."""
    client_id, receive = await _client_of(victim)
    sandbox, scope = victim.sandbox, victim.scope
    fault = await sandbox.run(
        take_fault,
        sandbox,
        surface=victim.surface.name,
        method=scope["method"],
        path=scope["path"],
        client_id=client_id,
    )
    return fault, replace(victim, receive=receive)


async def strike(fault: Fault, victim: Victim, *, wait: Wait) -> None:
    """Let the fault have its effect on the request."""
    effect, scope, receive = fault.effect, victim.scope, victim.receive
    await _shift_clock(victim.sandbox, effect)
    latency = (effect.latency_ms or 0) / 1000
    if latency and fault.when == "instead":
        await wait(latency)
    answer = None
    if fault.when == "after" or not effect.replaces_answer:
        if effect.xml or effect.entries or effect.token:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        answer = await collect(victim.app, scope, receive)
    if latency and fault.when == "after":
        await wait(latency)
    if effect.hang:
        await fall_silent(effect.hang, scope, receive, wait=wait)
    elif effect.reset:
        await break_off(scope, receive)
    else:
        if answer is None or effect.replaces_answer:
            answer = other_answer(fault, scope, victim.surface)
        spoilt = await _spoil(fault, answer, victim)
        await deliver(effect, spoilt, scope, receive, victim.send, wait=wait)


async def _spoil(fault: Fault, answer: Answer, victim: Victim) -> Answer:
    effect = fault.effect
    answer = spoil_entries(effect, spoil_xml(effect, answer))
    answer = await spoil_tokens(effect, answer, victim.scope, victim.sandbox)
    for name, value in effect.headers.items():
        answer = answer.with_header(name, value)
    return answer.with_header(HEADER, fault.name)


async def _shift_clock(sandbox: Sandbox, effect: FaultEffect) -> None:
    """Let this request see another time: a stale answer is the answer of some time ago."""
    shift = (effect.clock_skew or timedelta()) - (effect.stale or timedelta())
    if not shift:
        return
    state = await sandbox.run(sandbox.store.find_state)
    if state is None:
        return
    frozen = state.clock_frozen + shift if state.clock_frozen else None
    seconds = state.clock_offset_seconds + shift.total_seconds()
    sandbox.store.show_state(replace(state, clock_offset_seconds=seconds, clock_frozen=frozen))


async def _client_of(victim: Victim) -> tuple[str | None, Receive]:
    """Who calls, before anybody checked it: by token, Basic, query or form."""
    headers = dict(victim.scope["headers"])
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = authorization.partition(" ")
    if scheme.casefold() == "bearer":
        sandbox = victim.sandbox
        return await sandbox.run(client_of_token, sandbox, token.strip()), victim.receive
    named = basic_user(authorization) or _named_in(victim.scope["query_string"])
    if named is not None or not headers.get(b"content-type", b"").startswith(
        b"application/x-www-form-urlencoded"
    ):
        return named, victim.receive
    body, receive = await _read_ahead(victim.receive)
    return _named_in(body), receive


def _named_in(parameters: bytes) -> str | None:
    found: Mapping[str, list[str]] = parse_qs(parameters.decode("latin-1"))
    return found.get("client_id", [None])[0]


async def _read_ahead(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a source that tells it again."""
    messages: list[Message] = []
    body = b""
    while len(body) <= LARGEST_BODY:
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    pending = iter(messages)

    async def again() -> Message:
        return next(pending, None) or await receive()

    return body, again
