"""Delivers a response badly: truncated, slowly, or not at all on a connection that hangs or breaks."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from mock_server.domain.records import LARGEST_WAIT_MS, Drip, FaultEffect, is_given
from mock_server.http.faults.connection import connection_of, wait_for_disconnect
from mock_server.http.faults.response import Answer

Wait = Callable[[float], Awaitable[None]]


async def deliver(
    effect: FaultEffect, answer: Answer, scope: Scope, receive: Receive, send: Send, *, wait: Wait
) -> None:
    """Send the response as the effect says."""
    complete = answer.with_header("content-length", str(len(answer.body)))
    headers = list(complete.headers if _may_have_body(answer.status) else answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if is_given(effect.truncate):
        length = (
            len(answer.body) // 2 if effect.truncate is True else min(effect.truncate, len(answer.body) - 1)
        )
        await send({"type": "http.response.body", "body": answer.body[: max(length, 0)], "more_body": True})
        connection_of(scope).close()
        await wait_for_disconnect(receive)
    elif effect.drip is not None:
        await _drip(effect.drip, answer.body, send, wait)
    else:
        await send({"type": "http.response.body", "body": answer.body})


async def hang(seconds: float | bool, scope: Scope, receive: Receive, *, wait: Wait) -> None:
    """Send nothing until the client gives up or the time is over; then reset the connection."""
    longest = LARGEST_WAIT_MS / 1000
    timeout = longest if seconds is True else min(float(seconds), longest)
    ends = [asyncio.ensure_future(wait_for_disconnect(receive)), asyncio.ensure_future(wait(timeout))]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in ends:
            task.cancel()
    if not ends[0].done() or ends[0].cancelled():
        await reset_connection(scope, receive)


async def reset_connection(scope: Scope, receive: Receive) -> None:
    """Reset the connection."""
    connection_of(scope).reset()
    await wait_for_disconnect(receive)


async def _drip(drip: Drip, body: bytes, send: Send, wait: Wait) -> None:
    last = max(len(body) - drip.bytes, 0)
    for start in range(0, last, drip.bytes):
        await send(
            {"type": "http.response.body", "body": body[start : start + drip.bytes], "more_body": True}
        )
        await wait(drip.every_ms / 1000)
    # The last piece is marked as last: a client that counts bytes disconnects with it.
    await send({"type": "http.response.body", "body": body[-(-last // drip.bytes) * drip.bytes :]})


def _may_have_body(status: int) -> bool:
    """RFC 9110 §8.6: no Content-Length with 1xx and 204."""
    return status not in (204, 304)
