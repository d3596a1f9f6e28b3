"""The socket behind a request. ASGI hides it, but a broken connection is the most common fault of all."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

CONNECTION = "mock_server.connection"


class Transport(Protocol):
    """The part of asyncio's and uvloop's transports that is used here."""

    def get_extra_info(self, name: str) -> object: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...


class Connection:
    """A connection that can be ended without a response."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._before_end: Callable[[], None] = lambda: None

    def call_before_end(self, callback: Callable[[], None]) -> None:
        """Call this before the client can notice the end, so that the request is recorded by then."""
        self._before_end = callback

    def close(self) -> None:
        """Send what was written, and end the connection in the middle of the response."""
        self._before_end()
        self._transport.close()

    def reset(self) -> None:
        """End it at once with a TCP reset, as a crashing server or a firewall does."""
        self._before_end()
        found = self._transport.get_extra_info("socket")
        fileno = getattr(found, "fileno", lambda: -1)()
        if fileno >= 0:
            # uvloop's sockets take no options; a duplicate is the same socket to the system.
            with socket.socket(fileno=os.dup(fileno)) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class WithConnection:
    """Puts the connection into the scope if the server is uvicorn. Must be the outermost application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if scope["type"] == "http" and transport is not None:
            scope[CONNECTION] = Connection(transport)
        await self._app(scope, receive, send)


def connection_of(scope: Scope) -> Connection:
    """The connection. Raises ConnectionResetError if there is none to break, as in process."""
    found = scope.get(CONNECTION)
    if not isinstance(found, Connection):
        raise ConnectionResetError("A simulated fault ends this exchange; there is no connection to break.")
    return found


async def wait_for_disconnect(receive: Receive) -> None:
    """Wait until the client disconnects, or this end of the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)
