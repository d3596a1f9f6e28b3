"""The demo's HTTP transport: connects to the local address of the current request's connection.

The server may be unable to reach its own public URL (a published port, a proxy). It can always reach the local address
of the current connection. The Host header is the one that an outside client sends.
"""

import httpx

from mock_server.http.context import RequestContext


class _ToLocalEnd(httpx.AsyncBaseTransport):
    """Sends every request to one local address and ignores the host in its URL."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Its Host header is already set from the original URL."""
        request.url = request.url.copy_with(scheme="http", host=self._host, port=self._port)
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def over_the_wire(context: RequestContext) -> httpx.AsyncBaseTransport:
    """A transport to this server; in-process if the server listens on a Unix socket."""
    host, port = context.local_address
    if port is None:
        return httpx.ASGITransport(app=context.request.app)
    return _ToLocalEnd(host, port)
