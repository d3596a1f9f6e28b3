"""A client of a server's control API: sends one call, returns its result or raises its error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from mock_server.domain.text.storable_text import SANDBOX_NAME

_TIMEOUT = 90.0
_NAME = re.compile(SANDBOX_NAME)
_SANDBOX = re.compile(f"/~{SANDBOX_NAME}$")


class RequestRefused(Exception):
    """The control API refused; the message is its own sentence."""


class ServerDidNotStart(Exception):
    """The server ended before it listened, or was never started."""


class Unreachable(Exception):
    """There is no server at the URL, or one that is not a mock server."""


class NotAnAddress(Unreachable):
    """Nobody can answer there: no server has such an address."""


@dataclass(frozen=True, kw_only=True)
class RegisteredClient:
    """A client of the server, ready to be put into an application's configuration."""

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
    """The base URL of a sandbox, given the server's or that of a sandbox beside it.

    Raises RequestRefused for a name that none can have.
    """
    if not _NAME.fullmatch(name):
        raise RequestRefused(
            f"A sandbox's name has 1 to 40 letters, digits and hyphens, so not {name[:80]!r}."
        )
    return f"{_SANDBOX.sub('', _own_base(base))}/~{name}"


def path_of(*parts: str) -> str:
    """The path of a call below /_mock, with its parts percent-encoded."""
    return "/".join(quote(part, safe="") for part in parts)


def _own_base(url: str) -> str:
    """The address without the control API's path, which many copy along."""
    return url.rstrip("/").removesuffix("/_mock")


class Remote:
    """A sandbox by its base URL, such as http://localhost:8000 or http://localhost:8000/~ci-7."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self.url = _own_base(url)
        if not self.url.startswith(("http://", "https://")):
            raise NotAnAddress(
                f"{self.url[:200]!r} is no address of a server: it begins with http://, such as http://localhost:8000."
            )
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Reading the certificates of this machine takes longer than many a call, and http has no use for them.
        has_tls = self.url.startswith("https:")
        try:
            self._http = httpx.Client(base_url=self.url, timeout=_TIMEOUT, headers=headers, verify=has_tls)
        except UnicodeError as error:
            raise RequestRefused(
                "The control token can only have ASCII characters: it goes into a header."
            ) from error
        except httpx.InvalidURL as error:
            raise NotAnAddress(f"{self.url[:200]!r} is no address: {error}") from error

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
    ) -> Any:  # whatever JSON the control API answers
        """Call by the path with or without the leading /_mock; a query's None is left out.

        Raises RequestRefused with the server's sentence, and Unreachable.
        """
        address = f"/_mock/{path.removeprefix('/_mock').lstrip('/')}"
        try:
            answer = self._http.request(method, address, json=body, params=_query(query or {}))
        except (UnicodeError, httpx.InvalidURL) as error:
            raise RequestRefused(
                "This cannot be sent: an address, a name or the control token has characters that HTTP does not carry."
            ) from error
        except httpx.HTTPError as error:
            raise Unreachable(
                f"There is no answer from {self.url}: {str(error) or type(error).__name__}"
            ) from error
        if answer.is_error:
            raise RequestRefused(_sentence(answer))
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return (answer.json() if is_json else answer.text) if answer.content else None

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()


def format_duration(by: object) -> str:
    """As the control API takes it. Raises TypeError for what is no duration."""
    if isinstance(by, timedelta):
        sign = "-" if by < timedelta() else ""
        return f"{sign}PT{abs(by).total_seconds():f}S"
    if isinstance(by, str):
        return by
    raise TypeError(
        f"advance() takes a duration such as 'P40D', 'PT1H' or '40d', or a timedelta, and not {by!r}: a number could "
        "be seconds as well as days."
    )


def instant_of(clock: Mapping[str, str]) -> datetime:
    """The time in a clock of the control API."""
    return datetime.fromisoformat(clock["now"])


def _query(query: Mapping[str, Any]) -> dict[str, str]:
    """A query without what was not given."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in query.items()
        if value is not None
    }


def _sentence(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error_description"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.request.url} answered {answer.status_code}, and not as a mock server does."
