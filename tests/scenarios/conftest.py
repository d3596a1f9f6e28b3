"""A utility whose faults let no real time pass, a good third party before it, and a customer who says yes or no."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from mock_server.app import compose_surfaces
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox
from tests.scenarios.client import AUTHORIZE, CALLBACK, SCOPE, Client, Connection
from tests.support import BASE, InProcess, Third

_SHARED: list[tuple[Sandboxes, FastAPI]] = []


class Wire(InProcess):
    """A broken connection is an error of the transport, as over a real socket."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error), request=request) from error


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    async def wait(_seconds: float) -> None:
        return None

    if not _SHARED:
        sandboxes = Sandboxes(sandbox)
        _SHARED.append((sandboxes, compose_surfaces(sandboxes, wait=wait)))
    sandboxes, app = _SHARED[0]
    sandboxes.replace_default(sandbox)
    with httpx.Client(transport=Wire(app), base_url=BASE, follow_redirects=False) as client:
        yield client


class World:
    """The utility, its customer, and the test author's hand."""

    def __init__(self, third: Third) -> None:
        self.third = third
        self.http = third.http

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the control API."""
        answer = self.http.request(method, f"/_mock/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def arm(self, preset: str) -> None:
        """What the test is about."""
        self.control("POST", "faults", {"preset": preset})

    def spent(self) -> bool:
        """Whether every armed fault has struck as often as it was to."""
        armed = self.control("GET", "faults")["faults"]
        return bool(armed) and all(one["times_left"] == 0 for one in armed)

    def now(self) -> datetime:
        """The utility's time."""
        return self.third.sandbox.clock.now()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.control("POST", "clock/advance", {"by": f"PT{seconds:f}S"})

    def client(self, **settings: Any) -> Client:
        """A good one."""
        return Client(
            self.http,
            self.third.client_id,
            self.third.client.secret,
            wait=self.wait,
            now=self.now,
            **settings,
        )

    def visit(self, query: dict[str, str], *, decision: str = "approve") -> str:
        """The customer's browser, sent with that query: the callback that it ends at."""
        self.control("POST", "auto-approve", {"enabled": True, "times": 1, "decision": decision})
        location: str = self.http.get(AUTHORIZE, params=query).headers["location"]
        self.control("POST", "auto-approve", {"enabled": False})
        assert location.startswith(CALLBACK), location
        return location

    def connect(self, client: Client, scope: str = SCOPE) -> Connection:
        """The whole flow."""
        return client.receive(self.visit(client.authorize_query(scope)))

    def rules(self) -> list[str]:
        """What the review finds."""
        return [one["rule"] for one in self.control("GET", "review")["findings"]]

    def statuses(self, path: str) -> list[int | None]:
        """What was answered there."""
        answered = self.http.get("/_mock/exchanges", params={"path": path}).json()["exchanges"]
        return [one["status"] for one in answered]


@pytest.fixture
def world(third: Third) -> World:
    return World(third)


@pytest.fixture
def client(world: World) -> Client:
    return world.client()


Act = Callable[[World, Client], object]
