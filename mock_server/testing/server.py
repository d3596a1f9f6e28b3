"""The server for tests: `MockServer` runs one on a thread, or talks to one that runs elsewhere.

It starts in milliseconds once the application is imported, and its shortcuts go over HTTP like any client's calls.
"""

from collections.abc import Mapping
from dataclasses import fields
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


_MATCH = tuple(field.name for field in fields(FaultMatch))
Json = dict[str, Any]  # an object of the control API


class MockServer:
    """A mock utility on a free port of this machine, with a database of its own that goes with it.

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
        """One that runs elsewhere, such as in a container: nothing is started, stopped or reset here.

        `token` is its control token; unset, that of MOCK_SERVER_CONTROL_TOKEN.
        """
        made = cls(**({} if token is None else {"control_token": token}))
        made._elsewhere = url
        return made

    def sandbox(self, name: str) -> "MockServer":
        """The sandbox of that name on this server: a utility of its own, made at its first use."""
        return self._beside(sandbox_at(self.url, name))

    def start(self) -> "MockServer":
        """Serve until `stop`; once it was started, nothing more happens. Raises ServerDidNotStart."""
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
        """The client that is used when none is named: the public test client, unless your fixtures say else."""
        return self.clients()[0]

    def clients(self) -> list[RegisteredClient]:
        """Every registered client, the default one first."""
        return [RegisteredClient.of(one) for one in self._list("clients")]

    @property
    def review(self) -> "Review":
        """What clients did wrong so far: `.findings()`, `.assert_clean(ignore=[…])`, `.probe()`."""
        return load_review()(self.control)

    def authorize(self, /, scope: str | None = None, **wish: Any) -> str:
        """Play the customer without a browser: approve what the scope requests, and return the code.

        `wish` may hold customer, client_id, redirect_uri, state, code_challenge, code_challenge_method.
        """
        granted = self.control("POST", "authorizations", {"scope": scope, **wish})
        return str(granted["code"])

    def tokens(self, /, scope: str | None = None, **wish: Any) -> Json:
        """The same, and redeem the code: the token endpoint's answer."""
        granted = self.control("POST", "authorizations", {"scope": scope, "exchange": True, **wish})
        tokens: Json = granted["tokens"]
        return tokens

    def approve_next(self, times: int | None = 1, *, decision: str = "approve") -> None:
        """Answer the next authorize requests at once, when their scope identifies the customer."""
        self.control("POST", "auto-approve", {"enabled": True, "times": times, "decision": decision})

    def messages(self, to: str | None = None) -> list[Json]:
        """The mails, texts and calls that customers got, newest first."""
        return self._list("messages", query={"to": to})

    def create_customer(self, /, **wish: Any) -> Json:
        """A customer of your own, who can sign in at once; what the wish leaves open is made up.

        `wish` may hold id, password, name, kind, phone, email, address, services, accounts and more: see
        POST /_mock/customers.
        """
        return self._of("customer", "POST", "customers", wish)

    def customers(self) -> list[Json]:
        """Every customer, with accounts, services and all that signs in."""
        return self._list("customers")

    def fault(self, /, preset: str | None = None, **wish: Any) -> str:
        """Let the coming requests fail: `fault(path="/api/v2/*", status=503, times=2)`, or `fault("flaky")`.

        What `match` and `effect` of POST /_mock/faults may hold is given by name, with `when` and `times`. Returns the
        fault's id, as it stands in X-Simulated-Fault.
        """
        if preset is not None:
            return str(self.control("POST", "faults", {"preset": preset, **wish})["id"])
        match = {name: wish.pop(name) for name in _MATCH if name in wish}
        plan: Json = {name: wish.pop(name) for name in ("when", "times") if name in wish}
        return str(self.control("POST", "faults", {**plan, "match": match, "effect": wish})["id"])

    def faults(self) -> list[Json]:
        """The armed faults, with the number of requests that each matched and affected, and how many are left."""
        return self._list("faults")

    def disarm(self, fault: str | None = None) -> None:
        """Let everything work again, or one fault's victims."""
        self.control("DELETE", "faults" if fault is None else path_of("faults", fault))

    def exchanges(self, /, **query: Any) -> list[Json]:
        """What clients sent and got, oldest first; `query` as in GET /_mock/exchanges."""
        return self._list("exchanges", query=query)

    def wait_for(self, /, path: str | None = None, *, timeout: float = 10.0, **query: Any) -> Json:
        """The first exchange that fits, as soon as it came. Raises RequestRefused after `timeout` seconds."""
        wanted = {"path": path, "timeout": timeout, **query}
        found: Json = self.control("GET", "exchanges/wait", query=wanted)
        return found

    def advance(self, by: str | timedelta) -> datetime:
        """Move the clock forward, by a duration such as P40D, PT1H or 40d; the instant it shows then."""
        return instant_of(self.control("POST", "clock/advance", {"by": format_duration(by)}))

    def freeze(self, now: datetime | str | None = None) -> datetime:
        """Stop the clock, at an instant if one is given; the instant it shows."""
        return self.set_clock(now, frozen=True)

    def set_clock(self, now: datetime | str | None = None, *, frozen: bool | None = None) -> datetime:
        """Put the clock at an instant, freeze it or let it run; the instant it shows."""
        instant = now.isoformat() if isinstance(now, datetime) else now
        setting = {} if frozen is None else {"frozen": frozen}
        return instant_of(
            self.control("PUT", "clock", setting if instant is None else {"now": instant, **setting})
        )

    def now(self) -> datetime:
        """What the clock shows."""
        return instant_of(self.control("GET", "clock"))

    def authorizations(self, /, **query: Any) -> list[Json]:
        """What customers authorized, newest first; `query` may hold client_id, customer, status."""
        return self._list("authorizations", query=query)

    def revoke(self, uid: str) -> Json:
        """End an authorization, as its customer may at any time."""
        return self._of("authorization", "POST", path_of("authorizations", uid, "revoke"))

    def expire(self, uid: str) -> Json:
        """Let an authorization reach its end now."""
        return self._of("authorization", "POST", path_of("authorizations", uid, "expire"))

    def shorten(self, uid: str, expires: datetime | str) -> Json:
        """Let an authorization end earlier than was agreed, as its customer may."""
        instant = expires.isoformat() if isinstance(expires, datetime) else expires
        return self._of(
            "authorization", "POST", path_of("authorizations", uid, "shorten"), {"expires": instant}
        )

    def renumber(self, customer: str, /, **wish: str) -> Json:
        """Give an account another number; `wish` may hold account (its present number) and number."""
        return self._of("customer", "POST", path_of("customers", customer, "renumber"), wish)

    def exchange_meter(self, customer: str, /, **wish: str) -> Json:
        """Hang another meter from the next local midnight on; `wish` may hold service (its id) and serial."""
        return self._of("customer", "POST", path_of("customers", customer, "exchange-meter"), wish)

    def move_out(self, customer: str) -> Json:
        """The customer leaves: what they share expires, and nothing new is measured."""
        return self._of("customer", "POST", path_of("customers", customer, "move-out"))

    def requests(self) -> list[Json]:
        """Authorize requests that wait in some browser, newest first."""
        return self._list("requests")

    def approve(self, request_id: str, *, customer: str | None = None) -> str:
        """Approve one of them; where its browser would have been sent."""
        body = {} if customer is None else {"customer": customer}
        return str(self.control("POST", path_of("requests", request_id, "approve"), body)["location"])

    def decline(self, request_id: str) -> str:
        """Decline one of them; where its browser would have been sent."""
        return str(self.control("POST", path_of("requests", request_id, "decline"))["location"])

    def add_webhook(self, /, url: str, **wish: Any) -> Json:
        """Send events there from now on; `wish` may hold events and client_id."""
        made: Json = self.control("POST", "webhooks", {"url": url, **wish})
        return made

    def events(self, *, client_id: str | None = None) -> list[Json]:
        """What happened, newest first, as webhooks carry it."""
        return self._list("events", query={"client_id": client_id})

    def fire(self, /, event_type: str, **wish: Any) -> Json:
        """Fire an event that did not happen; `wish` may hold client_id, authorization_uid, meter_uid, form_uid."""
        made: Json = self.control("POST", "events", {"type": event_type, **wish})["events"][0]
        return made

    def deliver(self) -> list[Json]:
        """Send at once what is due; every attempt so far, newest first."""
        found: list[Json] = self.control("POST", "deliveries")["attempts"]
        return found

    def snapshot(self, name: str | None = None) -> str:
        """Keep the sandbox as it is now; the name to restore it by."""
        return str(self.control("POST", "snapshots", {} if name is None else {"name": name})["name"])

    def restore(self, name: str) -> datetime:
        """Go back to a snapshot, tokens and clock included; what the clock shows then."""
        return datetime.fromisoformat(self.control("POST", path_of("snapshots", name, "restore"))["taken"])

    def fork(self, name: str | None = None, *, snapshot: str | None = None) -> "MockServer":
        """A sandbox that begins as this one is, or as a snapshot of it was; from then on both live apart."""
        options = {"name": name, "snapshot": snapshot}
        body = {field: value for field, value in options.items() if value is not None}
        return self._beside(self.control("POST", "sandboxes", body)["url"])

    def export_state(self) -> Json:
        """All that the sandbox holds, as one JSON document."""
        document: Json = self.control("GET", "state")
        return document

    def import_state(self, document: Json) -> None:
        """Make the sandbox what such a document says."""
        self.control("PUT", "state", document)

    def reset(self) -> None:
        """Back to the fixtures."""
        self.control("POST", "reset")

    def control(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
    ) -> Any:  # whatever JSON the control API answers
        """Call the control API, by its path with or without the leading /_mock. Raises RequestRefused, its sentence."""
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
