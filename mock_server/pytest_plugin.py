"""Fixtures for other people's tests: a mock utility, as good as new for each test.

Without more it runs in this process, once for the session; where MOCK_SERVER_URL names a running one, each test
has a sandbox of its own there. The server is imported only when a test asks for it, so that having the plugin
costs nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.server import MockServer

_MARKER = (
    "mock_server(clock=None, faults=()): the test begins with the clock standing at that instant, and with these "
    "faults armed: names of presets, or what MockServer.fault takes"
)
_SHOWN = 10


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def mock_server_session() -> Iterator[MockServer]:
    """The utility DEMOUTILITY for the whole session, here or at MOCK_SERVER_URL; nothing resets it."""
    from mock_server.server import MockServer

    shared = os.environ.get("MOCK_SERVER_URL")
    with MockServer.at(shared) if shared else MockServer() as server:
        yield server


@pytest.fixture
def mock_server(request: pytest.FixtureRequest, mock_server_session: MockServer) -> Iterator[MockServer]:
    """The utility DEMOUTILITY as at first start: `.url`, `.client`, `.authorize(scope=…)`, `.tokens(scope=…)`."""
    if not os.environ.get("MOCK_SERVER_URL"):
        mock_server_session.reset()
        _prepare(mock_server_session, request.node)
        yield mock_server_session
        return
    name = _sandbox_name(request.node.nodeid)
    with mock_server_session.sandbox(name) as server:
        _prepare(server, request.node)
        yield server
    mock_server_session.control("DELETE", f"sandboxes/{name}")


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


def _prepare(server: MockServer, item: pytest.Item) -> None:
    """What the marker asks for; the nearest one counts."""
    marker = item.get_closest_marker("mock_server")
    if marker is None:
        return
    unknown = set(marker.kwargs) - {"clock", "faults"}
    if marker.args or unknown:
        pytest.fail(f"@pytest.mark.mock_server takes clock and faults by name, not {sorted(unknown)}.")
    if marker.kwargs.get("clock") is not None:
        server.freeze(marker.kwargs["clock"])
    for fault in marker.kwargs.get("faults", ()):
        if isinstance(fault, str):
            server.fault(fault)
        else:
            server.fault(**fault)


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
