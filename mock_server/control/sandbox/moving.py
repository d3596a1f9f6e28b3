"""Moves the sandbox's clock and reports all that happened."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool

from mock_server.actions.sandboxes.clock import moving
from mock_server.domain.time.clock import ClockState
from mock_server.http.context import RequestContext


async def moved_by(context: RequestContext, move: Callable[[], ClockState]) -> tuple[ClockState, Any]:
    """The clock after the move, and what became due, which is announced and sent before this returns.

    Any: `app.py` hands over a function of another surface.
    """
    sandbox, catch_up = context.sandbox, context.services.catch_up

    def moved() -> tuple[ClockState, Any]:
        with moving(sandbox):
            return move(), catch_up(sandbox)

    return await run_in_threadpool(moved)
