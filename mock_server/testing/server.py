"""The server for tests: `MockServer` runs a server in a thread, or connects to one that runs elsewhere.

It starts in milliseconds once the application is imported. Its methods call the control API over HTTP.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mock_server.domain.records import FaultMatch
from mock_server.settings import read_settings
from mock_server.testing.control_client import (
    RegisteredClient,
    Remote,
    RequestRefused,
    ServerDidNotStart,
    Unreachable,
    format_duration,
    instant_of,
    path_of,
    sandbox_at,
)
from mock_server.testing.loading import load_review, start_threaded

if TYPE_CHECKING:
    from mock_server.run.serving import ThreadedServer
    from mock_server.testing.review import Review

__all__ = ["MockServer", "RegisteredClient", "RequestRefused", "ServerDidNotStart", "Unreachable"]


_MATCH = tuple(field.name for field in dataclasses.fields(FaultMatch))
Json = dict[str, Any]  # an object of the control API


class MockServer:
    """A mock utility on a free port of this machine, with a temporary database.

    Use it as a context manager, or call `start` and `stop`. Settings are those of `mock_server.settings`.
    """

    def __init__(self, **settings: Any) -> None:
        self._has_database = "database_url" in settings
        self._settings = read_settings({"port": 0, "log_level": "warning", **settings})
        self._own: ThreadedServer | None = None
        self._elsewhere: str | None = None
        self._remote: Remote | None = None
        self.url = ""

    @classmethod
    def at(cls, url: str, *, token: str | None = None) -> "MockServer":
        """A server that runs elsewhere, such as in a container. It is not started, stopped or reset.

        `token` is its control token (default: MOCK_SERVER_CONTROL_TOKEN).
        """
        server = cls(**({} if token is None else {"control_token": token}))
        server._elsewhere = url
        return server

    def sandbox(self, name: str) -> "MockServer":
        """The sandbox with this name on this server: a separate utility, created at its first use."""
        return self._beside(sandbox_at(self.url, name))

    def start(self) -> "MockServer":
        """Serve until `stop`. Does nothing if it was started already. Raises ServerDidNotStart."""
        if self._remote is None:
            self._remote = Remote(self._elsewhere or self._serve(), token=self._settings.control_token)
            self.url = self._remote.url
        return self

    def _serve(self) -> str:
        self._own, url = start_threaded(self._settings, forgets=not self._has_database)
        return url

    def stop(self) -> None:
        """Stop serving and delete the database."""
        if self._remote is not None:
            self._remote.close()
            self._remote = None
        if self._own is not None:
            self._own.stop()

    def __enter__(self) -> "MockServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def client(self) -> RegisteredClient:
        """The default client: the public test client, unless your fixtures name another one."""
        return self.clients()[0]

    def clients(self) -> list[RegisteredClient]:
        """Every registered client, the default one first."""
        return [RegisteredClient.of(client) for client in self._list("clients")]

    @property
    def review(self) -> "Review":
        """What clients did wrong so far: `.findings()`, `.assert_clean(ignore=[…])`, `.probe()`."""
        return load_review()(self.control)

    def authorize(self, /, scope: str | None = None, **fields: Any) -> str:
        """Approve the scope as the customer would, without a browser; returns the code.

        `fields` may hold customer, client_id, redirect_uri, state, code_challenge, code_challenge_method.
        """
        granted = self.control("POST", "authorizations", {"scope": scope, **fields})
        return str(granted["code"])

    def tokens(self, /, scope: str | None = None, **fields: Any) -> Json:
        """Authorize and redeem the code; returns the token response."""
        granted = self.control("POST", "authorizations", {"scope": scope, "exchange": True, **fields})
        tokens: Json = granted["tokens"]
        return tokens

    def approve_next(self, times: int | None = 1, *, decision: str = "approve") -> None:
        """Approve (or decline) the next authorize requests at once, if their scope identifies the customer."""
        self.control("POST", "auto-approve", {"enabled": True, "times": times, "decision": decision})

    def messages(self, to: str | None = None) -> list[Json]:
        """The emails, texts and calls to customers, newest first."""
        return self._list("messages", query={"to": to})

    def create_customer(self, /, **fields: Any) -> Json:
        """Create a customer, who can sign in at once. Omitted fields are generated.

        `fields` may hold id, password, name, kind, phone, email, address, services, accounts and more: see
        POST /_mock/customers.
        """
        return self._of("customer", "POST", "customers", fields)

    def customers(self) -> list[Json]:
        """Every customer, with accounts, services and sign-in data."""
        return self._list("customers")

    def fault(self, /, preset: str | None = None, **effect: Any) -> str:
        """Make matching requests fail: `fault(path="/api/v2/*", status=503, times=2)`, or `fault("flaky")`.

        Takes `when`, `times`, and the fields of `match` and `effect` of POST /_mock/faults. Returns the fault's id.
        """
        if preset is not None:
            return str(self.control("POST", "faults", {"preset": preset, **effect})["id"])
        match = {name: effect.pop(name) for name in _MATCH if name in effect}
        options: Json = {name: effect.pop(name) for name in ("when", "times") if name in effect}
        return str(self.control("POST", "faults", {**options, "match": match, "effect": effect})["id"])

    def faults(self) -> list[Json]:
        """The armed faults, each with its counts: requests matched, requests affected, requests left."""
        return self._list("faults")

    def disarm(self, fault: str | None = None) -> None:
        """Disarm one fault, or all of them."""
        self.control("DELETE", "faults" if fault is None else path_of("faults", fault))

    def exchanges(self, /, **query: Any) -> list[Json]:
        """The requests of clients and the responses, oldest first; `query` as in GET /_mock/exchanges."""
        return self._list("exchanges", query=query)

    def wait_for(self, /, path: str | None = None, *, timeout: float = 10.0, **query: Any) -> Json:
        """Wait for the first matching exchange. Raises RequestRefused after `timeout` seconds."""
        wanted = {"path": path, "timeout": timeout, **query}
        found: Json = self.control("GET", "exchanges/wait", query=wanted)
        return found

    def advance(self, by: str | timedelta) -> datetime:
        """Move the clock forward by a duration such as P40D, PT1H or 40d; returns the new time."""
        return instant_of(self.control("POST", "clock/advance", {"by": format_duration(by)}))

    def freeze(self, now: datetime | str | None = None) -> datetime:
        """Freeze the clock, at `now` if it is given; returns the time."""
        return self.set_clock(now, frozen=True)

    def set_clock(self, now: datetime | str | None = None, *, frozen: bool | None = None) -> datetime:
        """Set the clock, freeze it or let it run; returns the time."""
        instant = now.isoformat() if isinstance(now, datetime) else now
        changes = {} if frozen is None else {"frozen": frozen}
        return instant_of(
            self.control("PUT", "clock", changes if instant is None else {"now": instant, **changes})
        )

    def now(self) -> datetime:
        """The time of the clock."""
        return instant_of(self.control("GET", "clock"))

    def authorizations(self, /, **query: Any) -> list[Json]:
        """The authorizations, newest first; `query` may hold client_id, customer, status."""
        return self._list("authorizations", query=query)

    def revoke(self, uid: str) -> Json:
        """Revoke an authorization, as its customer may at any time."""
        return self._of("authorization", "POST", path_of("authorizations", uid, "revoke"))

    def expire(self, uid: str) -> Json:
        """Expire an authorization now."""
        return self._of("authorization", "POST", path_of("authorizations", uid, "expire"))

    def shorten(self, uid: str, expires: datetime | str) -> Json:
        """Set an earlier end of an authorization, as its customer may."""
        instant = expires.isoformat() if isinstance(expires, datetime) else expires
        return self._of(
            "authorization", "POST", path_of("authorizations", uid, "shorten"), {"expires": instant}
        )

    def renumber(self, customer: str, /, **fields: str) -> Json:
        """Give an account a new number; `fields` may hold account (its present number) and number."""
        return self._of("customer", "POST", path_of("customers", customer, "renumber"), fields)

    def exchange_meter(self, customer: str, /, **fields: str) -> Json:
        """Install a new meter from the next local midnight on; `fields` may hold service (its id) and serial."""
        return self._of("customer", "POST", path_of("customers", customer, "exchange-meter"), fields)

    def move_out(self, customer: str) -> Json:
        """Move a customer out: authorizations expire, and meters stop."""
        return self._of("customer", "POST", path_of("customers", customer, "move-out"))

    def requests(self) -> list[Json]:
        """Authorize requests that wait for an answer, newest first."""
        return self._list("requests")

    def approve(self, request_id: str, *, customer: str | None = None) -> str:
        """Approve an authorize request; returns the URL of the redirect."""
        body = {} if customer is None else {"customer": customer}
        return str(self.control("POST", path_of("requests", request_id, "approve"), body)["location"])

    def decline(self, request_id: str) -> str:
        """Decline an authorize request; returns the URL of the redirect."""
        return str(self.control("POST", path_of("requests", request_id, "decline"))["location"])

    def add_webhook(self, /, url: str, **fields: Any) -> Json:
        """Send events to this URL from now on; `fields` may hold events and client_id."""
        created: Json = self.control("POST", "webhooks", {"url": url, **fields})
        return created

    def events(self, *, client_id: str | None = None) -> list[Json]:
        """The events, newest first, as webhooks carry them."""
        return self._list("events", query={"client_id": client_id})

    def fire(self, /, event_type: str, **fields: Any) -> Json:
        """Fire a simulated event; `fields` may hold client_id, authorization_uid, meter_uid, form_uid."""
        created: Json = self.control("POST", "events", {"type": event_type, **fields})["events"][0]
        return created

    def deliver(self) -> list[Json]:
        """Send everything that is due; returns every attempt so far, newest first."""
        found: list[Json] = self.control("POST", "deliveries")["attempts"]
        return found

    def snapshot(self, name: str | None = None) -> str:
        """Save a snapshot of the sandbox; returns its name."""
        return str(self.control("POST", "snapshots", {} if name is None else {"name": name})["name"])

    def restore(self, name: str) -> datetime:
        """Restore a snapshot, including tokens and clock; returns the time."""
        return datetime.fromisoformat(self.control("POST", path_of("snapshots", name, "restore"))["taken"])

    def fork(self, name: str | None = None, *, snapshot: str | None = None) -> "MockServer":
        """A new, independent sandbox: a copy of this one, or of one of its snapshots."""
        options = {"name": name, "snapshot": snapshot}
        body = {field: value for field, value in options.items() if value is not None}
        return self._beside(self.control("POST", "sandboxes", body)["url"])

    def export_state(self) -> Json:
        """The sandbox's whole state, as one JSON document."""
        document: Json = self.control("GET", "state")
        return document

    def import_state(self, document: Json) -> None:
        """Replace the sandbox's state with such a document."""
        self.control("PUT", "state", document)

    def reset(self) -> None:
        """Reset the sandbox to its fixtures."""
        self.control("POST", "reset")

    def control(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
    ) -> Any:  # any JSON of the control API
        """Call a path of the control API, with or without the leading /_mock. Raises RequestRefused with its error."""
        if self._remote is None:
            raise ServerDidNotStart("The mock server was not started: use it in a with statement.")
        return self._remote.call(method, path, body, query=query)

    def _beside(self, url: str) -> "MockServer":
        return MockServer.at(url, token=self._settings.control_token).start()

    def _list(self, path: str, *, query: Mapping[str, Any] | None = None) -> list[Json]:
        found: list[Json] = self.control("GET", path, query=query)[path]
        return found

    def _of(self, name: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        found: Json = self.control(method, path, body)[name]
        return found
