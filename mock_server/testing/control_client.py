"""A client of a server's control API: sends one call, returns its result or raises its error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mock_server.domain.text.storable_text import SANDBOX_NAME

if TYPE_CHECKING:
    import httpx

_TIMEOUT = 90.0
_NAME = re.compile(SANDBOX_NAME)
_SANDBOX = re.compile(f"/~{SANDBOX_NAME}$")


class RequestRefused(Exception):
    """The control API returned an error; the message is its `error_description`."""


class ServerDidNotStart(Exception):
    """The server stopped before it listened, or was never started."""


class Unreachable(Exception):
    """There is no server at the URL, or it is not a mock server."""


class NotAnAddress(Unreachable):
    """The text is not the URL of a server."""


@dataclass(frozen=True, kw_only=True)
class RegisteredClient:
    """A client of the server, for an application's configuration."""

    id: str
    secret: str
    api_token: str
    redirect_uris: tuple[str, ...]

    @classmethod
    def of(cls, client: Mapping[str, Any]) -> "RegisteredClient":
        """From an entry of GET /_mock/clients; a public client has no secret."""
        return cls(
            id=client["client_id"],
            secret=client["client_secret"] or "",
            api_token=client["api_token"] or "",
            redirect_uris=tuple(client["redirect_uris"]),
        )


def sandbox_at(base: str, name: str) -> str:
    """The base URL of a sandbox, given the URL of the server or of another sandbox.

    Raises RequestRefused for an invalid name.
    """
    if not _NAME.fullmatch(name):
        raise RequestRefused(f"{name[:80]!r} is not a sandbox name. Use 1 to 40 letters, digits and hyphens.")
    return f"{_SANDBOX.sub('', _own_base(base))}/~{name}"


def path_of(*parts: str) -> str:
    """The path of a call below /_mock, with its parts percent-encoded."""
    return "/".join(quote(part, safe="") for part in parts)


def _own_base(url: str) -> str:
    """The URL without the path of the control API, which people often copy with it."""
    return url.rstrip("/").removesuffix("/_mock")


class Remote:
    """A sandbox by its base URL, such as http://localhost:8000 or http://localhost:8000/~ci-7."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self.url = _own_base(url)
        if not self.url.startswith(("http://", "https://")):
            raise NotAnAddress(
                f"{self.url[:200]!r} is not the URL of a server. Use one such as http://localhost:8000."
            )
        from httpx import Client, InvalidURL  # a server that imports this module may never call

        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Loading certificates takes longer than most calls, and http does not need them.
        has_tls = self.url.startswith("https:")
        try:
            self._http = Client(base_url=self.url, timeout=_TIMEOUT, headers=headers, verify=has_tls)
        except UnicodeError as error:
            raise RequestRefused(
                "The control token must be ASCII, because it is sent in a header."
            ) from error
        except InvalidURL as error:
            raise NotAnAddress(f"{self.url[:200]!r} is not a URL: {error}") from error

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
    ) -> Any:  # any JSON of the control API
        """Call a path, with or without the leading /_mock. Query parameters that are None are omitted.

        Raises RequestRefused with the server's error, and Unreachable.
        """
        from httpx import HTTPError, InvalidURL

        url = f"/_mock/{path.removeprefix('/_mock').lstrip('/')}"
        try:
            response = self._http.request(method, url, json=body, params=_query(query or {}))
        except (UnicodeError, InvalidURL) as error:
            raise RequestRefused(
                "The request cannot be sent: a URL, a name or the control token has characters that HTTP forbids."
            ) from error
        except HTTPError as error:
            raise Unreachable(
                f"There is no response from {self.url}: {str(error) or type(error).__name__}"
            ) from error
        if response.is_error:
            raise RequestRefused(_error_message(response))
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return (response.json() if is_json else response.text) if response.content else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def format_duration(by: object) -> str:
    """A duration as the control API accepts it. Raises TypeError for other types."""
    if isinstance(by, timedelta):
        sign = "-" if by < timedelta() else ""
        return f"{sign}PT{abs(by).total_seconds():f}S"
    if isinstance(by, str):
        return by
    raise TypeError(
        f"advance() takes a duration such as 'P40D', 'PT1H' or '40d', or a timedelta, not {by!r}: a number could mean "
        "seconds or days."
    )


def instant_of(clock: Mapping[str, str]) -> datetime:
    """The time of a clock object of the control API."""
    return datetime.fromisoformat(clock["now"])


def _query(query: Mapping[str, Any]) -> dict[str, str]:
    """The query parameters as text, without None."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in query.items()
        if value is not None
    }


def _error_message(response: "httpx.Response") -> str:
    try:
        return str(response.json()["error_description"])
    except (ValueError, KeyError, TypeError):
        return (
            f"{response.request.url} returned {response.status_code}, but not in the format of a mock server."
        )
