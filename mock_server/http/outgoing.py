"""The HTTP client for URLs that third parties register: webhooks, notifications, key sets.

If it is restricted to public addresses, it resolves a name once, checks every address, and connects to a checked
address, so a second DNS response changes nothing (DNS rebinding). Responses are limited in size and time.
"""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from time import perf_counter
from typing import Final

import httpx

from mock_server.domain.events import HTTP_TIMEOUT
from mock_server.domain.network.public_addresses import is_public_address

LARGEST_ANSWER: Final = 1_000_000
_LONGEST: Final = 30.0
_PLAIN: Final = "identity"  # a small answer could unpack to one of any size

Resolve = Callable[[str, int], list[str]]


class AddressRefused(httpx.TransportError):
    """The target's address is one that this server must not send requests to."""


def open_http(*, allows_private: bool) -> httpx.Client:
    """A client with a timeout of HTTP_TIMEOUT seconds that follows no redirects and ignores proxy settings."""
    return httpx.Client(
        transport=Outgoing(httpx.HTTPTransport(trust_env=False), allows_private=allows_private),
        headers={"Accept-Encoding": _PLAIN},
        timeout=HTTP_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
    )


def resolve(host: str, port: int) -> list[str]:
    """Every IP address of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Outgoing(httpx.BaseTransport):
    """Sends requests through another transport, within the limits."""

    def __init__(
        self, inner: httpx.BaseTransport, *, allows_private: bool, resolve: Resolve = resolve
    ) -> None:
        self._inner = inner
        self._allows_private = allows_private
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises AddressRefused and what httpx raises."""
        started = perf_counter()
        answer = self._inner.handle_request(request) if self._allows_private else self._to_public(request)
        answer.headers.pop("Content-Encoding", None)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(answer.stream, until=started + _LONGEST),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _to_public(self, request: httpx.Request) -> httpx.Response:
        """Try the addresses of the name one after the other, as any client does."""
        problem: httpx.ConnectError | None = None
        for address in self._public_addresses(request.url):
            try:
                return self._inner.handle_request(_sent_to(address, request))
            except httpx.ConnectError as error:
                problem = error
        raise problem or httpx.ConnectError("the name has no address")

    def _public_addresses(self, url: httpx.URL) -> list[str]:
        name = url.raw_host.decode("ascii").strip("[]")
        try:
            found = self._resolve(name, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{name} cannot be resolved: {error}") from error
        if not all(map(is_public, found)):
            raise AddressRefused(
                f"{name} is on this machine or in a private network. MOCK_SERVER_PRIVATE_TARGETS=true allows that."
            )
        return found


def is_public(text: str) -> bool:
    """Whether an address, as DNS returns it, is a public one."""
    return is_public_address(ip_address(text.partition("%")[0]))


def _sent_to(address: str, request: httpx.Request) -> httpx.Request:
    """The request for one address; the Host header and the certificate's name stay those of the URL."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )


class _Bounded(httpx.SyncByteStream):
    """A response body, limited in size and until an instant of the machine's monotonic clock."""

    def __init__(self, stream: httpx.SyncByteStream, *, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise httpx.ReadError(f"the answer is larger than {LARGEST_ANSWER:,} bytes")
            if perf_counter() > self._until:
                raise httpx.ReadTimeout(f"the answer took longer than {_LONGEST:.0f} seconds")
            yield piece

    def close(self) -> None:
        self._stream.close()
