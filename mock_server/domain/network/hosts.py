"""Parses hosts with optional ports, from Host headers, Origin headers and URLs.

All hosts from outside are parsed here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final

from mock_server.domain.errors import InvalidRequest

_AUTHORITY: Final = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{0,5}))?")
_ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True)
class Host:
    """A host name or IP address (IPv6 in brackets), and the port if one was given."""

    name: str
    port: int | None = None

    def __str__(self) -> str:
        return self.name if self.port is None else f"{self.name}:{self.port}"


def read_host(text: str) -> Host | None:
    """Parses a host such as `localhost:8000` or `[::1]` (RFC 3986 §3.2.2, §3.2.3). Returns None for other text.

    The port must be digits. Userinfo, as in `localhost:80@evil.example`, is not accepted.
    """
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return None
    name, port = match[1], int(match[2]) if match[2] else None
    if port is not None and port > _HIGHEST_PORT:
        return None
    if name.startswith("[") and (name := _ipv6(name[1:-1])) == "":
        return None
    return Host(name, port)


def read_origin(text: str) -> Host | None:
    """Returns the host of an Origin header (RFC 6454 §7); None for `null` or an invalid origin."""
    match = _ORIGIN.fullmatch(text)
    return read_host(match[1]) if match else None


def requested_host(headers: Iterable[tuple[bytes, bytes]]) -> Host | None:
    """Returns the host that a request was sent to; None if the Host header is missing or empty.

    Raises InvalidRequest for several Host headers or an invalid one (RFC 9112 §3.2).
    """
    sent = [value.decode("latin-1").strip() for name, value in headers if name == b"host"]
    if len(sent) > 1:
        raise InvalidRequest(f"The request has {len(sent)} Host headers. Send one (RFC 9112, section 3.2).")
    if not sent or not sent[0]:
        return None
    host = read_host(sent[0])
    if host is None:
        raise InvalidRequest(
            f"The Host header {sent[0][:80]!r} is not valid. Send a name or an IP address, optionally followed "
            "by a colon and a port in digits, such as localhost:8000 (RFC 9112, section 3.2)."
        )
    return host


def _ipv6(text: str) -> str:
    """Returns the IPv6 address in brackets, in its short form; empty if it is invalid."""
    try:
        return f"[{IPv6Address(text)}]"
    except ValueError:
        return ""
