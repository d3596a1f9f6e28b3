"""Host names with their ports, as they stand in a Host header, in an Origin header and in URLs.

Every host that comes from outside is read here, and what this module does not read is no host.
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
    """A name or an address, an IPv6 one in brackets, and a port if one was sent."""

    name: str
    port: int | None = None

    def __str__(self) -> str:
        return self.name if self.port is None else f"{self.name}:{self.port}"


def read_host(text: str) -> Host | None:
    """The host that `localhost:8000` or `[::1]` names (RFC 3986 §3.2.2, §3.2.3); None for any other text.

    The port is made of digits. Userinfo, as in `localhost:80@evil.example`, is no part of a host.
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return None
    name, port = found[1], int(found[2]) if found[2] else None
    if port is not None and port > _HIGHEST_PORT:
        return None
    if name.startswith("[") and (name := _ipv6(name[1:-1])) == "":
        return None
    return Host(name, port)


def read_origin(text: str) -> Host | None:
    """The host of an Origin header (RFC 6454 §7); None for `null` and for what is no origin."""
    found = _ORIGIN.fullmatch(text)
    return read_host(found[1]) if found else None


def requested_host(headers: Iterable[tuple[bytes, bytes]]) -> Host | None:
    """The host that a request was sent to; None if the Host header is missing or empty.

    Raises InvalidRequest for a second Host header and for one that is no host (RFC 9112 §3.2).
    """
    sent = [value.decode("latin-1").strip() for name, value in headers if name == b"host"]
    if len(sent) > 1:
        raise InvalidRequest(f"There are {len(sent)} Host headers. Send one (RFC 9112, section 3.2).")
    if not sent or not sent[0]:
        return None
    host = read_host(sent[0])
    if host is None:
        raise InvalidRequest(
            f"The Host header {sent[0][:80]!r} is not a host. Send a name or an address, and after it nothing but a "
            "colon and a port in digits, such as localhost:8000 (RFC 9112, section 3.2)."
        )
    return host


def _ipv6(text: str) -> str:
    """The address in brackets and in its short form; empty if it is none."""
    try:
        return f"[{IPv6Address(text)}]"
    except ValueError:
        return ""
