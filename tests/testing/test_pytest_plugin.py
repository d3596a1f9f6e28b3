"""The pytest plugin as other people's tests see it: each example is run by a pytest of its own."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.testing.async_server import AsyncMockServer
from mock_server.testing.server import MockServer

# Those that these tests need: to load all that happen to be installed takes longer than the tests.
PLUGINS = ("no:cacheprovider", "pytest_mock_utility_server", "anyio", "asyncio", "xdist")


def run(folder: Path, source: str, *options: str, **environment: str) -> str:
    (folder / "test_example.py").write_text(f"import httpx\nimport pytest\n\n\n{source}", encoding="utf-8")
    plugins = [word for name in PLUGINS for word in ("-p", name)]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, "--strict-markers", *options]
    own = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    own = {name: value for name, value in own.items() if value}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, env=own)
    return done.stdout + done.stderr


def test_a_test_that_fails_shows_the_last_exchanges(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
def test_fails(mock_server):
    httpx.get(f"{mock_server.url}/api/v2/meters?access_token=oops")
    raise SystemError


def test_fails_without_a_server():
    raise SystemError


def test_passes(mock_server):
    httpx.get(f"{mock_server.url}/dashboard")
""",
    )
    assert "1 passed" in result
    assert "2 failed" in result
    assert result.count("Last exchanges with the mock server") == 1
    assert "GET /api/v2/meters?access_token=***" in result
    assert "-> 401  invalid_token" in result
    assert "/dashboard" not in result


MARKED = """
@pytest.mark.mock_server(clock="2026-01-31T12:00:00Z", faults=[{"path": "/api/*", "status": 429, "times": 1}])
def test_begins_as_marked(mock_server):
    assert mock_server.control("GET", "clock") == {"now": "2026-01-31T12:00:00Z", "frozen": True}
    seen = [httpx.get(f"{mock_server.url}/api/v2/meters").status_code for _ in range(2)]
    assert seen == [429, 401]


def test_begins_as_new(mock_server):
    assert mock_server.control("GET", "clock")["frozen"] is False
    assert mock_server.faults() == []
    assert mock_server.exchanges() == []


@pytest.mark.anyio
async def test_in_an_event_loop(mock_server):
    async with httpx.AsyncClient(base_url=mock_server.url) as http:
        assert (await http.get("/api/v2/meters")).status_code == 401
    assert mock_server.wait_for("/api/v2/meters")["status"] == 401


@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


def test_a_test_begins_as_its_marker_says(tmp_path: Path) -> None:
    assert "3 passed" in run(tmp_path, MARKED, MOCK_SERVER_URL="")


def test_the_same_tests_run_against_a_shared_server(tmp_path: Path, mock_server: MockServer) -> None:
    result = run(tmp_path, MARKED, MOCK_SERVER_URL=mock_server.url)
    assert "3 passed" in result, result
    assert [one["name"] for one in mock_server.control("GET", "sandboxes")["sandboxes"]] == ["default"]
    assert mock_server.exchanges() == []


@pytest.mark.parametrize(
    ("marker", "result"),
    [("clok=1", "Did you mean clock?"), ("'2026-01-01'", "takes clock, faults and settings by name")],
)
def test_a_misspelt_marker_is_reported(tmp_path: Path, marker: str, result: str) -> None:
    source = f"@pytest.mark.mock_server({marker})\ndef test_x(mock_server):\n    pass\n"
    assert result in run(tmp_path, source)


WITH_SETTINGS = """
@pytest.mark.mock_server(rate_limit=1, clock="2026-01-31T12:00:00Z", faults="flaky")
def test_has_a_server_of_its_own(mock_server, mock_server_session):
    assert mock_server.url != mock_server_session.url
    assert mock_server.now().isoformat() == "2026-01-31T12:00:00+00:00"
    assert mock_server.faults()


@pytest.mark.mock_server(auto_approve=True)
def test_needs_none_for_that(mock_server, mock_server_session):
    assert mock_server.control("GET", "health")["status"] == "ok"
    query = {"client_id": mock_server.client.id, "response_type": "code", "redirect_uri": "http://127.0.0.1:1/cb"}
    scope = "FB=4;AdditionalScope=auth-test-test_residential"
    for _ in range(2):
        answer = httpx.get(f"{mock_server.url}/oauth/authorize", params={**query, "scope": scope})
        assert answer.headers["location"].startswith("http://127.0.0.1:1/cb?code=")
"""


def test_settings_of_one_test_bring_a_server_of_its_own(tmp_path: Path) -> None:
    result = run(tmp_path, WITH_SETTINGS, MOCK_SERVER_URL="")
    assert "2 passed" in result, result


def test_what_cannot_be_set_on_a_shared_server_is_skipped_by_name(
    tmp_path: Path, mock_server: MockServer
) -> None:
    result = run(tmp_path, WITH_SETTINGS, "-rs", MOCK_SERVER_URL=mock_server.url)
    assert "1 passed, 1 skipped" in result, result
    assert "needs a server of its own for rate_limit" in result


ASYNCHRONOUS = """
import anyio
from mock_server.testing.async_server import AsyncMockServer


async def story(server):
    assert isinstance(server, AsyncMockServer)
    received = []
    gate = anyio.Event()

    async def answer(stream):
        async with stream:
            received.append(await stream.receive())
            await stream.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, answer)
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        await server.add_webhook(f"http://127.0.0.1:{port}/hook")
        await server.fire("ping")
        tasks.cancel_scope.cancel()
    assert b"POST /hook" in received[0]
    assert await server.tokens(scope="FB=4;AdditionalScope=auth-test-test_residential")
    with pytest.raises(TypeError, match="such as 'P40D'"):
        await server.advance(5)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_by_anyio(async_mock_server, anyio_backend):
    await story(async_mock_server)


@pytest.mark.asyncio
async def test_by_pytest_asyncio(async_mock_server):
    await story(async_mock_server)


@pytest.mark.asyncio
async def test_the_session(async_mock_server_session):
    assert (await async_mock_server_session.client()).id
"""


def test_asynchronous_tests_await_it_while_their_own_app_answers(tmp_path: Path) -> None:
    """Webhooks reach an app in the test's own event loop."""
    has_trio = importlib.util.find_spec("trio") is not None
    source = ASYNCHRONOUS if has_trio else ASYNCHRONOUS.replace(', "trio"', "")
    result = run(tmp_path, source, MOCK_SERVER_URL="")
    assert f"{4 if has_trio else 3} passed" in result, result


def test_every_method_can_be_awaited() -> None:
    own = {name for name in vars(AsyncMockServer) if not name.startswith("_")}
    expected = {name for name, one in vars(MockServer).items() if not name.startswith("_")}
    assert expected - own == {"at", "sandbox", "start", "stop"}
    assert own - expected == {"url"}  # an attribute there


APART = """
import os
from datetime import datetime


@pytest.mark.parametrize("number", range(50))
def test_alone(mock_server, number):
    year = 2000 + number
    mock_server.freeze(f"{year}-06-01T00:00:00Z")
    mock_server.fault(path="/api/*", status=500 + number, times=1)
    with httpx.Client(base_url=mock_server.url, verify=False) as http:
        assert http.get("/api/v2/meters").status_code == 500 + number
        assert http.get("/api/v2/meters").status_code == 401
    assert mock_server.now().year == year
    assert [one["status"] for one in mock_server.exchanges()] == [500 + number, 401]
    assert mock_server.messages() == []
    assert [one["fired"] for one in mock_server.faults()] == [1]
    assert mock_server.authorize(scope="FB=4;AdditionalScope=auth-test-test_residential")
    assert [one["uid"] for one in mock_server.authorizations()] == ["500001"]
    assert len(mock_server.messages()) == 1
"""


def test_fifty_tests_in_eight_processes_share_a_server_and_never_meet(
    tmp_path: Path, mock_server: MockServer
) -> None:
    result = run(tmp_path, APART, "-n", "8", MOCK_SERVER_URL=mock_server.url)
    assert "50 passed" in result, result
    assert [one["name"] for one in mock_server.control("GET", "sandboxes")["sandboxes"]] == ["default"]


OWN_MODULE = "ANSWER = 42\n"
OWN_PACKAGE = "from pathlib import Path\n\nPath('imported').touch()\n"
SHADOWED = """
def test_the_projects_own_module_is_imported():
    import mock_server

    assert mock_server.ANSWER == 42


def test_the_fixture_is_a_utility(mock_server):
    tokens = mock_server.tokens(scope="FB=4_16_51;AdditionalScope=auth-test-test_residential")
    feed = httpx.get(tokens["resourceURI"], headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert "<title>UsagePoint</title>" in feed.text
    mock_server.advance("40d")
    assert mock_server.review.findings() == []


@pytest.mark.mock_server(rate_limit=1, clock="2026-01-31T12:00:00Z")
def test_a_setting_brings_a_server_of_its_own(mock_server):
    assert mock_server.now().year == 2026
    bearer = {"Authorization": f"Bearer {mock_server.client.api_token}"}
    seen = [httpx.get(f"{mock_server.url}/api/v2/meters", headers=bearer).status_code for _ in range(2)]
    assert 429 in seen


@pytest.mark.anyio
async def test_the_asynchronous_twin(async_mock_server):
    assert (await async_mock_server.customers())[0]["id"] == "test_residential"


def test_the_projects_own_module_is_still_there():
    import sys

    import mock_server

    assert mock_server.ANSWER == 42
    assert [name for name in sys.modules if name.startswith("mock_server.")] == []
"""


@pytest.mark.parametrize("kind", ["module", "package"])
def test_a_project_may_have_a_module_of_the_same_name(tmp_path: Path, kind: str) -> None:
    if kind == "module":
        (tmp_path / "mock_server.py").write_text(OWN_MODULE, encoding="utf-8")
    else:
        (tmp_path / "mock_server").mkdir()
        (tmp_path / "mock_server" / "__init__.py").write_text(OWN_MODULE, encoding="utf-8")
    output = run(tmp_path, SHADOWED, PYTHONPATH=str(tmp_path))
    assert "5 passed" in output, output


def test_the_projects_own_module_is_not_imported_for_it(tmp_path: Path) -> None:
    (tmp_path / "mock_server").mkdir()
    (tmp_path / "mock_server" / "__init__.py").write_text(OWN_PACKAGE, encoding="utf-8")
    source = "def test_runs(mock_server):\n    assert mock_server.customers()\n"
    output = run(tmp_path, source, PYTHONPATH=str(tmp_path))
    assert "1 passed" in output, output
    assert not (tmp_path / "imported").exists()
