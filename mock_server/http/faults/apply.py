"""Applies a fault to a request, step by step. Each step has a file of its own."""

from dataclasses import replace
from datetime import timedelta

from mock_server.actions.sandboxes.faults import take_fault
from mock_server.domain.records import Fault, FaultEffect, is_given
from mock_server.http.faults.caller import caller_of
from mock_server.http.faults.delivery import Wait, deliver, hang, reset_connection
from mock_server.http.faults.documents import corrupt_xml
from mock_server.http.faults.entries import corrupt_entries
from mock_server.http.faults.error_responses import replacement_response
from mock_server.http.faults.response import Answer, collect
from mock_server.http.faults.target import FaultTarget
from mock_server.http.faults.token_responses import corrupt_tokens
from mock_server.http.responses.header_fields import simulated_fault
from mock_server.sandbox import Sandbox


async def find_fault(target: FaultTarget) -> tuple[Fault | None, FaultTarget]:
    """The fault that matches, if any, and the target; its body may have been read ahead to learn who sent it."""
    caller = await caller_of(target)
    sandbox, scope = target.sandbox, target.scope
    fault = await sandbox.run(
        take_fault,
        sandbox,
        surface=target.surface.name,
        method=scope["method"],
        path=scope["path"],
        client_id=caller.client_id,
        client_auth=caller.client_auth,
    )
    return fault, replace(target, receive=caller.receive)


async def apply_fault(fault: Fault, target: FaultTarget, *, wait: Wait) -> None:
    """Apply the fault's effect to the request."""
    effect, scope, receive = fault.effect, target.scope, target.receive
    await _shift_clock(target.sandbox, effect)
    latency = (effect.latency_ms or 0) / 1000
    if latency and fault.when == "instead":
        await wait(latency)
    answer = None
    if fault.when == "after" or not effect.replaces_answer:
        if effect.xml or effect.entries or effect.token:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        answer = await collect(target.app, scope, receive)
    if latency and fault.when == "after":
        await wait(latency)
    if is_given(effect.hang):
        await hang(effect.hang, scope, receive, wait=wait)
    elif effect.reset:
        await reset_connection(scope, receive)
    else:
        if answer is None or effect.replaces_answer:
            answer = await replacement_response(fault, target)
        corrupted = await _corrupt(fault, answer, target)
        await deliver(effect, corrupted, scope, receive, target.send, wait=wait)


async def _corrupt(fault: Fault, answer: Answer, target: FaultTarget) -> Answer:
    effect = fault.effect
    answer = corrupt_entries(effect, corrupt_xml(effect, answer))
    answer = await corrupt_tokens(effect, answer, target.context)
    for name, value in effect.headers.items():
        answer = answer.with_header(name, value)
    return answer.with_header(*simulated_fault(fault.name))


async def _shift_clock(sandbox: Sandbox, effect: FaultEffect) -> None:
    """Shift the clock for this request only: a stale response is the response of some time ago."""
    shift = (effect.clock_skew or timedelta()) - (effect.stale or timedelta())
    if not shift:
        return
    state = await sandbox.run(sandbox.store.find_state)
    if state is None:
        return
    frozen = state.clock_frozen + shift if state.clock_frozen else None
    seconds = state.clock_offset_seconds + shift.total_seconds()
    sandbox.store.pretend_state(replace(state, clock_offset_seconds=seconds, clock_frozen=frozen))
