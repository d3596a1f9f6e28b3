"""Moves the sandbox's clock and does everything that becomes due."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool

from mock_server.actions.sandboxes.clock import moving
from mock_server.domain.time.clock import ClockState
from mock_server.http.context import RequestContext


async def moved_by(context: RequestContext, move: Callable[[], ClockState]) -> tuple[ClockState, Any]:
    """Returns the clock after the move, and what became due, after announcing and sending it.

    Any: `app.py` provides `catch_up`, whose result type belongs to another surface.
    """
    sandbox, catch_up = context.sandbox, context.services.catch_up

    def moved() -> tuple[ClockState, Any]:
        with moving(sandbox):
            return move(), catch_up(sandbox)

    return await run_in_threadpool(moved)
