"""The order in which a fault does its work. Each step is a file of its own."""

from dataclasses import replace
from datetime import timedelta

from mock_server.actions.sandboxes.faults import take_fault
from mock_server.domain.records import Fault, FaultEffect, is_given
from mock_server.http.faults.caller import caller_of
from mock_server.http.faults.delivery import Wait, break_off, deliver, fall_silent
from mock_server.http.faults.documents import spoil_xml
from mock_server.http.faults.entries import spoil_entries
from mock_server.http.faults.error_responses import other_answer
from mock_server.http.faults.response import Answer, collect
from mock_server.http.faults.target import Victim
from mock_server.http.faults.token_responses import spoil_tokens
from mock_server.http.header_fields import simulated_fault
from mock_server.sandbox import Sandbox


async def find_fault(victim: Victim) -> tuple[Fault | None, Victim]:
    """The fault that strikes, if any; and the victim, whose body may have been read to learn who it is."""
    caller = await caller_of(victim)
    sandbox, scope = victim.sandbox, victim.scope
    fault = await sandbox.run(
        take_fault,
        sandbox,
        surface=victim.surface.name,
        method=scope["method"],
        path=scope["path"],
        client_id=caller.client_id,
        client_auth=caller.client_auth,
    )
    return fault, replace(victim, receive=caller.receive)


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
    if is_given(effect.hang):
        await fall_silent(effect.hang, scope, receive, wait=wait)
    elif effect.reset:
        await break_off(scope, receive)
    else:
        if answer is None or effect.replaces_answer:
            answer = await other_answer(fault, victim)
        spoilt = await _spoil(fault, answer, victim)
        await deliver(effect, spoilt, scope, receive, victim.send, wait=wait)


async def _spoil(fault: Fault, answer: Answer, victim: Victim) -> Answer:
    effect = fault.effect
    answer = spoil_entries(effect, spoil_xml(effect, answer))
    answer = await spoil_tokens(effect, answer, victim.scope, victim.sandbox)
    for name, value in effect.headers.items():
        answer = answer.with_header(name, value)
    return answer.with_header(*simulated_fault(fault.name))


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
    sandbox.store.pretend_state(replace(state, clock_offset_seconds=seconds, clock_frozen=frozen))
