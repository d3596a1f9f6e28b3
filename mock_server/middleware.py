"""What happens to every request: it gets an id, a sandbox and the links to print. Pure ASGI, nothing buffered."""

import logging
from collections.abc import Callable
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.paths import links_for
from mock_server.sandbox import Sandbox
from mock_server.surface import LINKS, SANDBOX

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
        scope[SANDBOX] = sandbox
        scope[LINKS] = links_for(
            sandbox.settings, scheme=scope["scheme"], host=Headers(scope=scope).get("host", "")
        )
        started = perf_counter()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
                took = (perf_counter() - started) * 1000
                log.info(
                    "%s %s %d %.1fms id=%s",
                    scope["method"],
                    scope["path"],
                    message["status"],
                    took,
                    request_id,
                )
            await send(message)

        await self._app(scope, receive, answer)
