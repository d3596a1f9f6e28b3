"""The background task of a server: once a second, it announces and sends what is due in every sandbox in use."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic

from mock_server.actions.sandboxes.clock import is_being_moved
from mock_server.domain.errors import SandboxEnded, SandboxReplaced, TemporarilyUnavailable
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox

PASS_SECONDS = 1.0

CatchUp = Callable[[Sandbox, Callable[[], bool]], object]
"""Announces and sends in a sandbox, as long as the second argument returns True."""

log = logging.getLogger("mock_server")


async def run_background(sandboxes: Sandboxes, catch_up: CatchUp) -> None:
    """Run a pass in every sandbox in use, each second, until cancelled. An exception does not end it."""
    while True:
        await asyncio.sleep(PASS_SECONDS)
        for sandbox in sandboxes.in_use():
            try:
                await asyncio.to_thread(background_pass, sandbox, catch_up)
            except TemporarilyUnavailable:
                continue  # the store logs it, once a second
            except (SandboxEnded, SandboxReplaced):
                continue  # nothing is due there any more
            except Exception:
                log.exception("What became due could not be announced or sent; it will be tried again.")


def background_pass(sandbox: Sandbox, catch_up: CatchUp) -> None:
    """Catch up for at most half of PASS_SECONDS, so that other sandboxes get their turn while much is due.

    It leaves everything to a call that moves the clock, here or in another process: that call's response lists what
    happened.
    """
    until = monotonic() + PASS_SECONDS / 2
    if sandbox.moving.acquire(blocking=False):
        try:
            # One observation for the check and the clock, so that no move begins between the two.
            with sandbox.store.observing_state():
                if not is_being_moved(sandbox):
                    catch_up(sandbox, lambda: monotonic() < until and not is_being_moved(sandbox))
        finally:
            sandbox.moving.release()
