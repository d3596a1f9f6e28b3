"""What happens to every request: it gets an id, a sandbox, the links to print, and a place in the journal.

Pure ASGI, nothing buffered.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.paths import CONTROL, links_for
from mock_server.recording import Recording, taken_from
from mock_server.sandbox import Sandbox
from mock_server.surface import LINKS, REQUEST_ID, SANDBOX

log = logging.getLogger("mock_server")


class Entrance:
    """Chooses the sandbox, in this one place, before any surface sees the request."""

    def __init__(self, app: ASGIApp, *, choose_sandbox: Callable[[str], Sandbox]) -> None:
        self._app = app
        self._choose_sandbox = choose_sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sandbox = self._choose_sandbox(scope["path"])
        request_id = sandbox.chance.secret()[:32]
        scope[REQUEST_ID] = request_id
        scope[SANDBOX] = sandbox
        scope[LINKS] = links_for(
            sandbox.settings, scheme=scope["scheme"], host=Headers(scope=scope).get("host", "")
        )
        answer = _with_id(send, scope, request_id)
        with sandbox.store.one_look():
            if scope["path"].startswith(CONTROL):  # the test author's calls are not what the client did
                await self._app(scope, receive, answer)
            else:
                at = await sandbox.run(sandbox.clock.now)
                await self._recorded(sandbox, request_id, at, scope, receive, answer)

    async def _recorded(
        self, sandbox: Sandbox, request_id: str, at: datetime, scope: Scope, receive: Receive, send: Send
    ) -> None:
        taken = taken_from(scope, request_id=request_id, at=at)
        recording = Recording(scope, taken, keep=sandbox.journal.add)
        try:
            await self._app(scope, recording.hearing(receive), recording.telling(send))
        except Exception:
            recording.end(status=500)  # answered outside of here
            raise
        finally:
            recording.end()


def _with_id(send: Send, scope: Scope, request_id: str) -> Send:
    """Put the id into the answer, and a line into the log."""
    started = perf_counter()

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["X-Request-Id"] = request_id
            took = (perf_counter() - started) * 1000
            log.info(
                "%s %s %d %.1fms id=%s", scope["method"], scope["path"], message["status"], took, request_id
            )
        await send(message)

    return answer
