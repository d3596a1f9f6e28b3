"""How the demo reaches the server: by the socket that the request arrived on, as an outside client.

What a browser calls the server may be unreachable from the server itself (a published port, a proxy). The local end
of the connection that is being answered always reaches it; the Host header stays what an outside client sends.
"""

import httpx

from mock_server.http.context import RequestContext


class _ToLocalEnd(httpx.AsyncBaseTransport):
    """Sends requests to the local end of a connection, whatever host their URL names."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, whose Host header is already that of the URL."""
        request.url = request.url.copy_with(scheme="http", host=self._host, port=self._port)
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def over_the_wire(context: RequestContext) -> httpx.AsyncBaseTransport:
    """A transport to this server; where it listens on no address (a Unix socket), without a wire."""
    host, port = context.local_address
    if port is None:
        return httpx.ASGITransport(app=context.request.app)
    return _ToLocalEnd(host, port)
