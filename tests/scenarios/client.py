"""A small third party that does everything right. Bad ones in these tests do one thing of it wrong."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

CALLBACK = "http://127.0.0.1:5000/callback"
SCOPE = "FB=4_16_51;HistoryLength=86400;AdditionalScope=auth-test-test_residential"
AUTHORIZE, TOKEN = "/DataCustodian/oauth/authorize", "/DataCustodian/oauth/token"
_TRIES = 4
_AGAIN = (202, 429, 500, 502, 503, 504)


class Denied(Exception):
    """The customer, or the utility for them, said no; the message is the error code."""


class NotOurs(Exception):
    """A callback that answers no request of ours: nothing in it may be used."""


class Disconnected(Exception):
    """Only the customer can help: connect again."""


class UnusableAnswer(Exception):
    """The utility answered what its standard does not know."""


@dataclass
class Connection:
    """What a customer's authorization gave."""

    access_token: str
    refresh_token: str | None
    expires: datetime
    scope: str
    resource_uri: str


class Client:
    """One registered client. `wait` lets seconds pass, `now` tells the time."""

    def __init__(
        self,
        http: httpx.Client,
        client_id: str,
        secret: str,
        *,
        wait: Callable[[float], None],
        now: Callable[[], datetime],
        proves_by: tuple[str, ...] = ("client_secret_basic", "client_secret_post"),
    ) -> None:
        self.http, self.client_id, self._secret = http, client_id, secret
        self._wait, self._now = wait, now
        self._ways = list(proves_by)
        self._verifiers: dict[str, str] = {}
        self._refreshing = Lock()

    # The customer's browser

    def authorize_query(self, scope: str = SCOPE) -> dict[str, str]:
        """What the customer's browser is sent with: a state for one answer, and a challenge (RFC 7636)."""
        state, verifier = secrets.token_urlsafe(), secrets.token_urlsafe(48)
        self._verifiers[state] = verifier
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": scope,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }

    def receive(self, callback: str) -> Connection:
        """Handle a callback. Raises NotOurs, Denied, and what `ask_for_tokens` raises."""
        result = parse_qs(urlsplit(callback).query, keep_blank_values=True)
        if any(len(values) > 1 for values in result.values()):
            raise NotOurs("a parameter came twice")
        verifier = self._verifiers.pop(result.get("state", [""])[0], None)
        if verifier is None:
            raise NotOurs("the state is not one that waits for an answer")
        if ("error" in result) == ("code" in result):
            raise NotOurs("an answer is either a code or an error")
        if "error" in result:
            raise Denied(result["error"][0])
        code = result["code"][0]
        return self.ask_for_tokens(
            grant_type="authorization_code", code=code, redirect_uri=CALLBACK, code_verifier=verifier
        )

    # The token endpoint

    def refresh(self, connection: Connection) -> Connection:
        """A new access token. Raises Disconnected where there is none any more."""
        if connection.refresh_token is None:
            raise Disconnected("there is no refresh token")
        newer = self.ask_for_tokens(grant_type="refresh_token", refresh_token=connection.refresh_token)
        newer.refresh_token = newer.refresh_token or connection.refresh_token
        return newer

    def ask_for_tokens(self, **form: str) -> Connection:
        """Call the token endpoint, again while it is down. Raises Disconnected, UnusableAnswer."""
        answer = self._again(lambda: self._prove(form))
        if answer.status_code == 401 and len(self._ways) > 1:  # it takes the other way, or none
            del self._ways[0]
            answer = self._again(lambda: self._prove(form))
        if answer.is_error:
            raise Disconnected(_error_of(answer))
        return self._checked(answer)

    def _prove(self, form: dict[str, str]) -> httpx.Response:
        if self._ways[0] == "client_secret_basic":
            return self.http.post(TOKEN, data=form, auth=(self.client_id, self._secret))
        own = {"client_id": self.client_id, "client_secret": self._secret}
        return self.http.post(TOKEN, data={**form, **own})

    def _checked(self, answer: httpx.Response) -> Connection:
        """RFC 6749 §5.1, to the letter."""
        try:
            result = answer.json()
        except ValueError as error:
            raise UnusableAnswer("not JSON") from error
        token = result.get("access_token") if isinstance(result, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
            raise UnusableAnswer("no access token")
        if str(result.get("token_type")).casefold() != "bearer":
            raise UnusableAnswer("not a bearer token")
        lifetime = result.get("expires_in", 0)
        if not isinstance(lifetime, int):
            raise UnusableAnswer("no lifetime")
        return Connection(
            access_token=token,
            refresh_token=result.get("refresh_token"),
            expires=self._now() + timedelta(seconds=lifetime),
            scope=result.get("scope", ""),
            resource_uri=result.get("resourceURI", ""),
        )

    # The data

    def read(self, connection: Connection, url: str | None = None, **query: str) -> httpx.Response:
        """GET; waits where it is told to, refreshes once. Raises Disconnected, and UnusableAnswer for half a body."""
        with self._refreshing:
            if connection.expires <= self._now():
                self._replace(connection)
        used = connection.access_token
        answer = self._get(connection, url, query)
        if answer.status_code == 401:
            self._renew(connection, instead_of=used)
            answer = self._get(connection, url, query)
        if answer.status_code in (401, 403):
            raise Disconnected(_error_of(answer))
        return answer

    def _renew(self, connection: Connection, *, instead_of: str) -> None:
        """Refresh, unless another thread was quicker: a refresh ends what the one before it gave."""
        with self._refreshing:
            if connection.access_token == instead_of:
                self._replace(connection)

    def _replace(self, connection: Connection) -> None:
        vars(connection).update(vars(self.refresh(connection)))

    def _get(self, connection: Connection, url: str | None, query: dict[str, str]) -> httpx.Response:
        address = url or connection.resource_uri
        displayed = {"Authorization": f"Bearer {connection.access_token}"}
        return self._again(lambda: self.http.get(address, params=query or None, headers=displayed))

    def _again(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        """The first answer that is final: transport errors, failures of the server and 'come back' are not."""
        for attempt in range(_TRIES):
            pause = float(2**attempt)
            try:
                answer = call()
            except httpx.TransportError:
                answer = None
            if answer is not None:
                if answer.status_code not in _AGAIN:
                    return answer
                pause = float(answer.headers.get("Retry-After", pause))
            self._wait(pause)
        raise UnusableAnswer("the utility is down")


def _error_of(answer: httpx.Response) -> str:
    try:
        result: Any = answer.json()  # whatever a failing server sends
    except ValueError:
        return answer.reason_phrase
    return str(result.get("error")) if isinstance(result, dict) else answer.reason_phrase
