"""The pytest plugin: fixtures that give each test a mock utility in its initial state.

By default the server runs in this process, once for the session. If MOCK_SERVER_URL names a running server, each test
has a sandbox of its own there. If `mock_server` is a module of the project under test, the server runs in a process of
its own. The plugin imports nothing of the server before a fixture is used, so it costs nothing and breaks no project
with a module of that name.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing.async_server import AsyncMockServer
    from mock_server.testing.server import MockServer

_MARKER = (
    "mock_server(clock=None, faults=(), **settings): start the test with the clock frozen at this time, with these "
    "faults armed (preset names, or the arguments of MockServer.fault), and on a server with these settings"
)
_LISTED = 10
_FOLDER = Path(__file__).resolve().parent
_PACKAGE = "mock_server"
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from mock_server.__main__ import main; main()"
_OPENED = "is open: "
_STOP_TIMEOUT = 20.0  # seconds


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def mock_server_session() -> Iterator[MockServer]:
    """The utility DEMOUTILITY for the whole session, here or at MOCK_SERVER_URL. Nothing resets it."""
    shared = os.environ.get("MOCK_SERVER_URL")
    with _library().server.MockServer.at(shared) if shared else _started({}) as server:
        yield server


@pytest.fixture
def mock_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """The utility DEMOUTILITY in its initial state: `.url`, `.client`, `.authorize(scope=…)`, `.tokens(scope=…)`."""
    marked = _marked(request.node)
    with _server_for(request, marked.settings) as server:
        marked.prepare(server)
        yield server


@pytest.fixture
def async_mock_server(mock_server: MockServer) -> AsyncMockServer:
    """`mock_server` with awaitable methods, for tests with pytest-asyncio or anyio."""
    wrapped: AsyncMockServer = _library().async_server.AsyncMockServer(mock_server)
    return wrapped


@pytest.fixture(scope="session")
def async_mock_server_session(mock_server_session: MockServer) -> AsyncMockServer:
    """`mock_server_session` with awaitable methods."""
    wrapped: AsyncMockServer = _library().async_server.AsyncMockServer(mock_server_session)
    return wrapped


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the last exchanges of the app under test to the report of a failure."""
    report = yield
    server = getattr(item, "funcargs", {}).get("mock_server")
    if report.when == "call" and report.failed and server is not None:
        report.sections.append(("Last exchanges with the mock server", _last_exchanges(server)))
    return report


@dataclass(frozen=True)
class _Marked:
    """The arguments of a test's marker."""

    clock: Any
    faults: tuple[Any, ...]
    auto_approve: bool | None
    settings: dict[str, Any]

    def prepare(self, server: MockServer) -> None:
        """Bring a server into the state in which the test begins."""
        if self.clock is not None:
            server.freeze(self.clock)
        if self.auto_approve:
            server.approve_next(times=None)
        for fault in self.faults:
            if isinstance(fault, str):
                server.fault(fault)
            else:
                server.fault(**fault)


def _marked(item: pytest.Item) -> _Marked:
    """The arguments of the nearest marker."""
    marker = item.get_closest_marker("mock_server")
    if marker is None:
        return _Marked(None, (), None, {})
    if marker.args:
        pytest.fail(
            f"@pytest.mark.mock_server takes clock, faults and settings by name, not {marker.args[0]!r}."
        )
    arguments = dict(marker.kwargs)
    _check_settings(set(arguments) - {"clock", "faults"})
    faults = arguments.pop("faults", ())
    return _Marked(
        arguments.pop("clock", None),
        (faults,) if isinstance(faults, str | dict) else tuple(faults),
        arguments.pop("auto_approve", None),
        arguments,
    )


def _check_settings(names: set[str]) -> None:
    known = list(_library().settings.Settings.model_fields)
    unknown = sorted(names - set(known))
    if unknown:
        close = difflib.get_close_matches(unknown[0], ["clock", "faults", *known], n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        pytest.fail(
            f"@pytest.mark.mock_server takes clock, faults and the server's settings, but there is no setting "
            f"{unknown[0]!r}.{hint}"
        )


@contextmanager
def _server_for(request: pytest.FixtureRequest, settings: dict[str, Any]) -> Iterator[MockServer]:
    """A server in its initial state: one with these settings, a sandbox of the shared one, or the session's, reset."""
    shared = os.environ.get("MOCK_SERVER_URL")
    if settings and shared:
        pytest.skip(
            f"needs a server of its own for {', '.join(settings)}: settings of the shared one at {shared} cannot be "
            "changed. Run it without MOCK_SERVER_URL, or mark it with clock, faults and auto_approve alone."
        )
    if settings:
        with _started(settings) as server:
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


@dataclass(frozen=True)
class _Library:
    """The modules of the server that the fixtures use."""

    settings: Any  # a module, and `Any` because none may be imported here
    server: Any
    async_server: Any
    loading: Any


@cache
def _library() -> _Library:
    """Import the server's modules, also where the project under test has a module of the same name.

    That module is restored afterwards, so neither side sees the other's.
    """
    foreign = _take_modules() if _is_shadowed() else None
    if foreign is not None:
        sys.path.insert(0, str(_FOLDER))
    try:
        names = ("settings", "testing.server", "testing.async_server", "testing.loading")
        library = _Library(*(importlib.import_module(f"{_PACKAGE}.{name}") for name in names))
        if foreign is not None:
            library.loading.load_review()  # otherwise imported later, when the name means the project's module
        return library
    finally:
        if foreign is not None:
            sys.path.remove(str(_FOLDER))
            _take_modules()
            sys.modules.update(foreign)


def _take_modules() -> dict[str, Any]:
    """Remove every module called `mock_server` and those inside it from the interpreter's table."""
    names = [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]
    return {name: sys.modules.pop(name) for name in names}


@cache
def _is_shadowed() -> bool:
    """Whether `mock_server` is a module of the project under test. Does not import it."""
    module = sys.modules.get(_PACKAGE)
    spec = module.__spec__ if module is not None else importlib.util.find_spec(_PACKAGE)
    origin = spec.origin if spec is not None else None
    return origin is None or Path(origin).resolve().parent != _FOLDER / _PACKAGE


@contextmanager
def _started(settings: dict[str, Any]) -> Iterator[MockServer]:
    """A server of its own: in this process, or in another one if `mock_server` is not ours here."""
    server_module = _library().server
    if not _is_shadowed():
        with server_module.MockServer(**settings) as server:
            yield server
        return
    with (
        _process(settings) as url,
        server_module.MockServer.at(url, token=settings.get("control_token")) as server,
    ):
        yield server


@contextmanager
def _process(settings: dict[str, Any]) -> Iterator[str]:
    """Run the command `mock-server` on a free port with a database of its own; yields its base URL."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mock-server-"))
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        defaults = {"database_url": f"sqlite:///{folder}/mock-server.db", "log_level": "warning"}
        variables = {
            f"MOCK_SERVER_{name.upper()}": _environment_value(value)
            for name, value in {**defaults, **settings, "port": 0}.items()
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _RUN, str(_FOLDER)],
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        stack.callback(_stop, process)
        assert process.stdout is not None
        opened = process.stdout.readline()
        if _OPENED not in opened:
            log.seek(0)
            pytest.fail(f"The mock server did not start: {opened}{log.read()}", pytrace=False)
        yield opened.rpartition(_OPENED)[2].strip().rstrip("/")


def _environment_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _sandbox_name(node_id: str) -> str:
    """A name that is unique across tests and machines."""
    return "test-" + hashlib.sha256(node_id.encode() + os.urandom(16)).hexdigest()[:24]


def _last_exchanges(server: MockServer) -> str:
    try:
        found = server.exchanges(limit=_LISTED)
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
