"""One request and its response: as recorded, and as displayed with secrets masked."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from mock_server.domain.oauth.basic_credentials import user_and_password

STORED_BYTES = 16_384
"""How many bytes of a body are kept; the rest is counted only."""

Headers = tuple[tuple[str, str], ...]


class Head:
    """The beginning of a body, and how long all of it was."""

    __slots__ = ("size", "stored")

    def __init__(self) -> None:
        self.stored = b""
        self.size = 0

    def take(self, piece: bytes) -> None:
        """Count a piece; keep what fits."""
        if self.size < STORED_BYTES and piece:
            self.stored += bytes(piece[: STORED_BYTES - self.size])
        self.size += len(piece)


@dataclass(kw_only=True)
class Taken:
    """An exchange with its secrets, while it happens. Only the journal sees it afterwards."""

    id: str
    at: datetime
    method: str
    origin: str
    prefix: str
    path: str
    raw_path: str
    query: str
    request_headers: list[tuple[bytes, bytes]]
    request_body: Head = field(default_factory=Head)
    status: int | None = None
    response_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    response_body: Head = field(default_factory=Head)
    started: float = 0.0
    duration_ms: float = 0.0
    noted_client: str | None = None
    noted_error: str | None = None
    fault: str | None = None

    @property
    def size(self) -> int:
        """About how many bytes of memory it holds."""
        headers = sum(len(name) + len(value) + 100 for name, value in self.request_headers)
        headers += sum(len(name) + len(value) + 100 for name, value in self.response_headers)
        return 2_000 + headers + len(self.request_body.stored) + len(self.response_body.stored)

    @cached_property
    def client_id(self) -> str | None:
        """Who called: by the token or the credentials, else as the parameters say."""
        if self.noted_client is not None:
            return self.noted_client
        query = parse_qs(self.query)
        form = parse_qs(self.request_body.stored.decode("latin-1")) if self.is_form else {}
        for parameters in (query, form):
            if "client_id" in parameters:
                return parameters["client_id"][0]
        return basic_user(self.header("authorization") or "")

    @property
    def error(self) -> str | None:
        """The code of the refusal, also where a redirect carries it (RFC 6749 §4.1.2.1)."""
        if self.noted_error is not None:
            return self.noted_error
        location = dict(self.response_headers).get(b"location")
        query = urlsplit(location.decode("latin-1")).query if location else ""
        return parse_qs(query).get("error", [None])[0]

    @property
    def is_form(self) -> bool:
        """Whether the request's body is urlencoded."""
        return (self.header("content-type") or "").startswith("application/x-www-form-urlencoded")

    def header(self, name: str) -> str | None:
        """A header of the request; `name` in lower case."""
        found = dict(self.request_headers).get(name.encode())
        return None if found is None else found.decode("latin-1")


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one side sent, secrets masked. `body` is None where it is no text; `size` counts all its bytes."""

    headers: Headers
    body: str | None
    size: int
    is_cut: bool

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for known, value in self.headers if known == name), None)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its response with every secret masked; `status` is None if the connection was cut first.

    `at` is the sandbox's time; `path` is without the sandbox's prefix, `url` is what was called. `started` is on the
    machine's monotonic clock, in seconds, so that overlapping exchanges can be found while the sandbox's clock stands.
    """

    id: str
    at: datetime
    started: float
    duration_ms: float
    method: str
    url: str
    path: str
    query: str
    status: int | None
    client_id: str | None
    error: str | None
    fault: str | None
    request: Side
    response: Side


def basic_user(authorization: str) -> str | None:
    """The user name of a Basic header (RFC 7617 §2)."""
    found = user_and_password(authorization)
    return (found[0] or None) if found else None
