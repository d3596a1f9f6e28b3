"""The server on a thread: for tests, and for programs that want a utility of their own.

`MockServer` starts in milliseconds once imported, and its shortcuts go over HTTP like any client's calls.
"""

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import httpx
import uvicorn

from mock_server.app import create_app
from mock_server.core.records import FaultMatch
from mock_server.faults import WithConnection
from mock_server.logs import log_config
from mock_server.reviewed import Reviewed
from mock_server.settings import Settings, read_settings
from mock_server.tracing import traced

_START_TIMEOUT = 30.0
_MATCH = tuple(field.name for field in fields(FaultMatch))


class ServerDidNotStart(Exception):
    """The server ended before it listened; its log says why."""


class RequestRefused(Exception):
    """The control API refused; the message is its own sentence."""


@dataclass(frozen=True, kw_only=True)
class RegisteredClient:
    """A client of the server, ready to be put into an application's configuration."""

    id: str
    secret: str
    api_token: str
    redirect_uris: tuple[str, ...]


class MockServer:
    """A mock utility on a free port of this machine, with a database of its own that goes with it.

    Use it as a context manager, or call `start` and `stop`. Settings are those of `mock_server.settings`.
    """

    def __init__(self, **settings: Any) -> None:
        self._folder = TemporaryDirectory(prefix="mock-server-", ignore_cleanup_errors=True)
        own = {"port": 0, "database_url": f"sqlite:///{Path(self._folder.name)}/sandbox.db"}
        self._settings = read_settings({**own, "log_level": "warning", **settings})
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._http: httpx.Client | None = None
        self._elsewhere: str | None = None
        self.url = ""

    @classmethod
    def at(cls, url: str) -> "MockServer":
        """One that runs elsewhere, such as in a container: nothing is started, stopped or reset here."""
        made = cls()
        made._elsewhere = url.rstrip("/")
        return made

    def sandbox(self, name: str) -> "MockServer":
        """The sandbox of that name on this server: a utility of its own, made at its first use."""
        return MockServer.at(f"{self.url}/~{name}")

    def start(self) -> "MockServer":
        """Serve until `stop`. Raises ServerDidNotStart."""
        if self._elsewhere is not None:
            return self._reached_at(self._elsewhere)
        listener = listen(self._settings)
        port = listener.getsockname()[1]
        settings = self._settings.model_copy(update={"port": port})
        ready = threading.Event()
        try:
            self._server = server_for(settings, ready=ready)
        except BaseException:
            listener.close()
            raise
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="mock-server", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_TIMEOUT):
            raise ServerDidNotStart("The mock server did not start; see its log.")
        return self._reached_at(settings.public_url or f"http://{settings.host}:{port}")

    def _reached_at(self, url: str) -> "MockServer":
        self.url = url
        self._http = httpx.Client(base_url=self.url, timeout=90.0)
        return self

    def stop(self) -> None:
        """Stop serving and delete the database."""
        if self._http is not None:
            self._http.close()
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._folder.cleanup()

    def __enter__(self) -> "MockServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def client(self) -> RegisteredClient:
        """The client that is used when none is named: the public test client, unless your fixtures say else."""
        return self.clients()[0]

    def clients(self) -> list[RegisteredClient]:
        """Every registered client, the default one first."""
        return [
            RegisteredClient(
                id=one["client_id"],
                secret=one["client_secret"] or "",
                api_token=one["api_token"] or "",
                redirect_uris=tuple(one["redirect_uris"]),
            )
            for one in self.control("GET", "clients")["clients"]
        ]

    @property
    def review(self) -> Reviewed:
        """What clients did wrong so far: `.findings()`, `.assert_clean(ignore=[…])`, `.probe()`."""
        return Reviewed(self.control)

    def authorize(self, scope: str | None = None, **wish: Any) -> str:
        """Play the customer without a browser: approve what the scope asks for, and return the code.

        `wish` may hold customer, client_id, redirect_uri, state, code_challenge, code_challenge_method.
        """
        granted = self.control("POST", "authorizations", {"scope": scope, **wish})
        return str(granted["code"])

    def tokens(self, scope: str | None = None, **wish: Any) -> dict[str, Any]:
        """The same, and redeem the code: the token endpoint's answer."""
        granted = self.control("POST", "authorizations", {"scope": scope, "exchange": True, **wish})
        tokens: dict[str, Any] = granted["tokens"]
        return tokens

    def approve_next(self, times: int | None = 1, *, decision: str = "approve") -> None:
        """Answer the next authorize requests at once, when their scope identifies the customer."""
        self.control("POST", "auto-approve", {"enabled": True, "times": times, "decision": decision})

    def messages(self, to: str | None = None) -> list[dict[str, Any]]:
        """The mails, texts and calls that customers got, newest first."""
        found: list[dict[str, Any]] = self.control("GET", "messages", query={"to": to} if to else {})[
            "messages"
        ]
        return found

    def create_customer(self, **wish: Any) -> dict[str, Any]:
        """A customer of your own, who can sign in at once; what the wish leaves open is made up.

        `wish` may hold id, password, name, kind, phone, email, address, services, accounts and more: see
        POST /_mock/customers.
        """
        made: dict[str, Any] = self.control("POST", "customers", wish)["customer"]
        return made

    def customers(self) -> list[dict[str, Any]]:
        """Every customer, with accounts, services and all that signs in."""
        found: list[dict[str, Any]] = self.control("GET", "customers")["customers"]
        return found

    def fault(self, preset: str | None = None, **wish: Any) -> str:
        """Let the coming requests fail: `fault(path="/api/v2/*", status=503, times=2)`, or `fault("flaky")`.

        What `match` and `effect` of POST /_mock/faults may hold is given by name, with `when` and `times`. Returns the
        fault's id, as it stands in X-Simulated-Fault.
        """
        if preset is not None:
            return str(self.control("POST", "faults", {"preset": preset, **wish})["id"])
        match = {name: wish.pop(name) for name in _MATCH if name in wish}
        plan: dict[str, Any] = {name: wish.pop(name) for name in ("when", "times") if name in wish}
        return str(self.control("POST", "faults", {**plan, "match": match, "effect": wish})["id"])

    def faults(self) -> list[dict[str, Any]]:
        """What was armed: how many requests each fault saw and struck, and how many are left."""
        found: list[dict[str, Any]] = self.control("GET", "faults")["faults"]
        return found

    def disarm(self, fault: str | None = None) -> None:
        """Let everything work again, or one fault's victims."""
        self.control("DELETE", "faults" if fault is None else f"faults/{fault}")

    def exchanges(self, **query: Any) -> list[dict[str, Any]]:
        """What clients sent and got, oldest first; `query` as in GET /_mock/exchanges."""
        found: list[dict[str, Any]] = self.control("GET", "exchanges", query=_told(query))["exchanges"]
        return found

    def wait_for(self, path: str | None = None, *, timeout: float = 10.0, **query: Any) -> dict[str, Any]:
        """The first exchange that fits, as soon as it came. Raises RequestRefused after `timeout` seconds."""
        wanted = _told({"path": path, "timeout": timeout, **query})
        found: dict[str, Any] = self.control("GET", "exchanges/wait", query=wanted)
        return found

    def advance(self, by: str | timedelta) -> datetime:
        """Move the clock forward, by an ISO 8601 duration such as P40D; the instant it shows then."""
        step = by if isinstance(by, str) else f"PT{by.total_seconds():f}S"
        return _instant(self.control("POST", "clock/advance", {"by": step}))

    def freeze(self, now: datetime | str | None = None) -> datetime:
        """Stop the clock, at an instant if one is given; the instant it shows."""
        return self.set_clock(now, frozen=True)

    def set_clock(self, now: datetime | str | None = None, *, frozen: bool | None = None) -> datetime:
        """Put the clock at an instant, freeze it or let it run; the instant it shows."""
        told = now.isoformat() if isinstance(now, datetime) else now
        setting = {} if frozen is None else {"frozen": frozen}
        return _instant(self.control("PUT", "clock", setting if told is None else {"now": told, **setting}))

    def reset(self) -> None:
        """Back to the fixtures."""
        self.control("POST", "reset")

    def control(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Any:  # whatever JSON the control API answers
        """Call the control API, by its path with or without the leading /_mock. Raises RequestRefused, its sentence."""
        if self._http is None:
            raise ServerDidNotStart("The mock server was not started: use it in a with statement.")
        answer = self._http.request(
            method,
            f"/_mock/{path.removeprefix('/_mock').lstrip('/')}",
            json=body,
            params=query,
            headers=self._headers(),
        )
        if answer.is_error:
            raise RequestRefused(answer.json()["error_description"])
        return answer.json() if answer.content else None

    def _headers(self) -> dict[str, str]:
        token = self._settings.control_token
        return {"Authorization": f"Bearer {token}"} if token else {}


def _told(query: Mapping[str, Any]) -> dict[str, str]:
    """A query without what was not given."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in query.items()
        if value is not None
    }


def _instant(clock: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(clock["now"])


def listen(settings: Settings) -> socket.socket:
    """A bound socket; port 0 becomes a free one. Raises OSError where that address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


class _Announcing(uvicorn.Server):
    """Tells when it listens, so that nobody has to poll."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event | None) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self._ready is not None:
            self._ready.set()


def server_for(settings: Settings, *, ready: threading.Event | None = None) -> uvicorn.Server:
    """A server around the application; `ready` is set once it listens."""
    config = uvicorn.Config(
        WithConnection(traced(create_app(settings))),
        host=settings.host,
        port=settings.port,
        log_config=log_config(settings),
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        ws="none",
    )
    return _Announcing(config, ready)
