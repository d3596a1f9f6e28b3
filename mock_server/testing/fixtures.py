"""Fixtures for other people's tests: a mock utility, as good as new for each test.

Without more it runs in this process, once for the session; where MOCK_SERVER_URL names a running one, each test
has a sandbox of its own there. The server is imported only when a test asks for it, so that having the plugin
costs nothing.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing.async_server import AsyncMockServer
    from mock_server.testing.server import MockServer

_MARKER = (
    "mock_server(clock=None, faults=(), **settings): the test begins with the clock standing at that instant, with "
    "these faults armed (names of presets, or what MockServer.fault takes), and on a server with these settings"
)
_SHOWN = 10


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def mock_server_session() -> Iterator[MockServer]:
    """The utility DEMOUTILITY for the whole session, here or at MOCK_SERVER_URL; nothing resets it."""
    from mock_server.testing.server import MockServer

    shared = os.environ.get("MOCK_SERVER_URL")
    with MockServer.at(shared) if shared else MockServer() as server:
        yield server


@pytest.fixture
def mock_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """The utility DEMOUTILITY as at first start: `.url`, `.client`, `.authorize(scope=…)`, `.tokens(scope=…)`."""
    wish = _wish_of(request.node)
    with _server_for(request, wish.settings) as server:
        wish.prepare(server)
        yield server


@pytest.fixture
def async_mock_server(mock_server: MockServer) -> AsyncMockServer:
    """The same with methods to await, for tests in an event loop: pytest-asyncio's or anyio's."""
    from mock_server.testing.async_server import AsyncMockServer

    return AsyncMockServer(mock_server)


@pytest.fixture(scope="session")
def async_mock_server_session(mock_server_session: MockServer) -> AsyncMockServer:
    """`mock_server_session` with methods to await."""
    from mock_server.testing.async_server import AsyncMockServer

    return AsyncMockServer(mock_server_session)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the app under test sent and got last."""
    report = yield
    server = getattr(item, "funcargs", {}).get("mock_server")
    if report.when == "call" and report.failed and server is not None:
        report.sections.append(("Last exchanges with the mock server", _last_exchanges(server)))
    return report


@dataclass(frozen=True)
class _Wish:
    """What a test's marker asks for."""

    clock: Any
    faults: tuple[Any, ...]
    auto_approve: bool | None
    settings: dict[str, Any]

    def prepare(self, server: MockServer) -> None:
        """Bring a server to where the test begins."""
        if self.clock is not None:
            server.freeze(self.clock)
        if self.auto_approve:
            server.approve_next(times=None)
        for fault in self.faults:
            if isinstance(fault, str):
                server.fault(fault)
            else:
                server.fault(**fault)


def _wish_of(item: pytest.Item) -> _Wish:
    """The nearest marker counts."""
    marker = item.get_closest_marker("mock_server")
    if marker is None:
        return _Wish(None, (), None, {})
    if marker.args:
        pytest.fail(
            f"@pytest.mark.mock_server takes clock, faults and settings by name, not {marker.args[0]!r}."
        )
    told = dict(marker.kwargs)
    _check_settings(set(told) - {"clock", "faults"})
    faults = told.pop("faults", ())
    return _Wish(
        told.pop("clock", None),
        (faults,) if isinstance(faults, str | dict) else tuple(faults),
        told.pop("auto_approve", None),
        told,
    )


def _check_settings(names: set[str]) -> None:
    from mock_server.settings import Settings

    unknown = sorted(names - set(Settings.model_fields))
    if unknown:
        close = difflib.get_close_matches(unknown[0], ["clock", "faults", *Settings.model_fields], n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        pytest.fail(
            f"@pytest.mark.mock_server takes clock, faults and the server's settings, and there is no setting "
            f"{unknown[0]!r}.{hint}"
        )


@contextmanager
def _server_for(request: pytest.FixtureRequest, settings: dict[str, Any]) -> Iterator[MockServer]:
    """One that is as good as new: with settings of its own, in a sandbox of a shared one, or the session's, reset."""
    from mock_server.testing.server import MockServer

    shared = os.environ.get("MOCK_SERVER_URL")
    if settings and shared:
        pytest.skip(
            f"needs a server of its own for {', '.join(settings)}: settings of the shared one at {shared} cannot be "
            "changed. Run it without MOCK_SERVER_URL, or mark it with clock, faults and auto_approve alone."
        )
    if settings:
        with MockServer(**settings) as server:
            yield server
        return
    session: MockServer = request.getfixturevalue("mock_server_session")
    if not shared:
        session.reset()
        yield session
        return
    name = _sandbox_name(request.node.nodeid)
    with session.sandbox(name) as server:
        yield server
    session.control("DELETE", f"sandboxes/{name}")


def _sandbox_name(node_id: str) -> str:
    """A name that no other test has, in whichever process and on whichever machine it runs."""
    return "test-" + hashlib.sha256(node_id.encode() + os.urandom(16)).hexdigest()[:24]


def _last_exchanges(server: MockServer) -> str:
    try:
        found = server.exchanges(limit=_SHOWN)
    except Exception as error:  # a report must not fail because the server did
        return f"(not available: {error})"
    return "\n".join(map(_line, found)) or "(none)"


def _line(exchange: dict[str, Any]) -> str:
    query = f"?{exchange['query']}" if exchange["query"] else ""
    parts = [f"{exchange['method']} {exchange['path']}{query} -> {exchange['status'] or 'no answer'}"]
    parts += [exchange[name] for name in ("error", "client_id") if exchange[name]]
    if exchange["fault"]:
        parts.append(f"fault {exchange['fault']}")
    return "  ".join([*parts, exchange["id"]])
