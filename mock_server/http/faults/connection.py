"""The socket behind a request. ASGI hides it, and a broken connection is the commonest fault of all."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

CONNECTION = "mock_server.connection"


class Transport(Protocol):
    """What uvicorn holds of asyncio's or uvloop's transports."""

    def get_extra_info(self, name: str) -> object: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...


class Connection:
    """A way to end a connection that no answer announces."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._before_end: Callable[[], None] = lambda: None

    def call_before_end(self, tell: Callable[[], None]) -> None:
        """Call that before the client can notice the end: what it asks next must find it recorded."""
        self._before_end = tell

    def close(self) -> None:
        """Send what was written, and end the connection in the middle of the answer."""
        self._before_end()
        self._transport.close()

    def reset(self) -> None:
        """End it at once with a TCP reset, as a crashing server or an angry firewall does."""
        self._before_end()
        found = self._transport.get_extra_info("socket")
        fileno = getattr(found, "fileno", lambda: -1)()
        if fileno >= 0:
            # uvloop's sockets take no options; a duplicate is the same socket to the system.
            with socket.socket(fileno=os.dup(fileno)) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class WithConnection:
    """Puts the connection into the scope, where the server is uvicorn. Must be the outermost application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if scope["type"] == "http" and transport is not None:
            scope[CONNECTION] = Connection(transport)
        await self._app(scope, receive, send)


def connection_of(scope: Scope) -> Connection:
    """The connection. Raises ConnectionResetError where there is none to break, as in process."""
    found = scope.get(CONNECTION)
    if not isinstance(found, Connection):
        raise ConnectionResetError("A simulated fault ends this exchange; there is no connection to break.")
    return found


async def wait_until_gone(receive: Receive) -> None:
    """Until the client has left, or our end of the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)
