"""What fails before a surface is known, a bug of ours included, is answered in the shape of the address."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from mock_server.app import SURFACES, compose_surfaces
from mock_server.domain.errors import TemporarilyUnavailable
from mock_server.http.sandboxes import Sandboxes
from mock_server.http.surface import surface_at
from mock_server.journal import Wanted
from mock_server.sandbox import Sandbox
from tests.http.test_headers import SHAPES, check
from tests.support import BASE, browser, call_raw

PATHS = {
    "oauth": "/oauth/token",
    "espi": "/DataCustodian/espi/1_1/resource/ReadServiceStatus",
    "api": "/api/v2/meters",
    "sso": "/sso/token",
    "control": "/_mock/clock",
    "console": "/_mock/console/accounts",
    "portal": "/dashboard",
    "pages": "/",
}
BUG = KeyError("a bug of ours")


class Failing(Sandboxes):
    """Cannot choose a sandbox."""

    def __init__(self, default: Sandbox, error: Exception) -> None:
        super().__init__(default)
        self._error = error

    async def choose(self, name: str) -> Sandbox:
        raise self._error


class WithoutState:
    """A store that cannot tell a sandbox's state."""

    def __init__(self, store: Any, error: Exception) -> None:
        self._store, self._error = store, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def find_state(self) -> None:
        raise self._error


class Stateless(Failing):
    """Chooses a sandbox whose state cannot be read."""

    async def choose(self, name: str) -> Sandbox:
        store: Any = WithoutState(self.default.store, self._error)
        return replace(self.default, store=store)


def test_there_is_an_address_for_every_surface() -> None:
    assert {surface_at(SURFACES, path).name: path for path in PATHS.values()} == PATHS
    assert set(PATHS) == set(SHAPES)


@pytest.mark.parametrize("kind", [Failing, Stateless])
@pytest.mark.parametrize(("error", "status"), [(BUG, 500), (TemporarilyUnavailable("Later."), 503)])
def test_what_fails_while_a_sandbox_is_chosen_has_the_shape_of_the_address(
    sandbox: Sandbox, kind: type[Failing], error: Exception, status: int
) -> None:
    app = compose_surfaces(kind(sandbox, error))
    reached = [path for name, path in PATHS.items() if kind is Failing or name not in ("control", "console")]
    for prefix in ("", "/~other"):
        for path in reached:
            answer = call_raw(app, "GET", prefix + path, bug=KeyError)
            assert answer.status == status, (path, answer.body)
            check(answer, surface_at(SURFACES, path).name, most=599)
            assert b"bug of ours" not in answer.body


@pytest.fixture
def impatient(sandbox: Sandbox) -> FastAPI:
    """Waits for no body, and has a fault armed, for which bodies are read ahead."""
    app = compose_surfaces(Sandboxes(sandbox), longest_body=0.001)
    with browser(app) as http:
        http.post("/_mock/faults", json={"match": {"client_id": "x"}, "effect": {"status": 503}})
    return app


def test_a_body_that_does_not_come_while_a_fault_is_looked_for_is_a_refusal(
    impatient: FastAPI, sandbox: Sandbox
) -> None:
    form = [("content-type", b"application/x-www-form-urlencoded")]
    answer = call_raw(impatient, "POST", "/oauth/token", headers=form, body=None)
    check(answer, "oauth")
    assert (answer.status, answer.header("connection")) == (408, "close")
    [exchange] = sandbox.journal.list(Wanted(), newest=1)
    assert exchange.status == 408


class Interrupted(Sandboxes):
    """Is cancelled by the stopping server while it chooses a sandbox."""

    async def choose(self, name: str) -> Sandbox:
        raise asyncio.CancelledError


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_request_interrupted_by_the_stop_is_a_503(sandbox: Sandbox, path: str) -> None:
    answer = call_raw(compose_surfaces(Interrupted(sandbox)), "GET", path)
    assert answer.status == 503
    assert b"server stopped before" in answer.body
    assert answer.header("x-request-id")


def test_so_is_a_wait_for_an_exchange(sandbox: Sandbox) -> None:
    app = compose_surfaces(Sandboxes(sandbox))

    async def story() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            waiting = asyncio.create_task(http.get("/_mock/exchanges/wait", params={"timeout": 60}))
            while not sandbox.journal.is_awaited:
                await asyncio.sleep(0)
            waiting.cancel()
            return await waiting

    answer = asyncio.run(story())
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
