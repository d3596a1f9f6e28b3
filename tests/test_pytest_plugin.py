"""The pytest plugin as other people's tests see it: each example is run by a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.server import MockServer


def run(folder: Path, source: str, *options: str, **environment: str) -> str:
    (folder / "test_example.py").write_text(f"import httpx\nimport pytest\n\n\n{source}", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers", *options]
    own = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    own = {name: value for name, value in own.items() if value}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, env=own)
    return done.stdout + done.stderr


def test_a_test_that_fails_shows_the_last_exchanges(tmp_path: Path) -> None:
    told = run(
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
    assert "1 passed" in told
    assert "2 failed" in told
    assert told.count("Last exchanges with the mock server") == 1
    assert "GET /api/v2/meters?access_token=***" in told
    assert "-> 401  invalid_token" in told
    assert "/dashboard" not in told


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
    told = run(tmp_path, MARKED, MOCK_SERVER_URL=mock_server.url)
    assert "3 passed" in told, told
    assert [one["name"] for one in mock_server.control("GET", "sandboxes")["sandboxes"]] == ["default"]
    assert mock_server.exchanges() == []


@pytest.mark.parametrize("marker", ["clok=1", "'2026-01-01'"])
def test_a_misspelt_marker_is_told(tmp_path: Path, marker: str) -> None:
    source = f"@pytest.mark.mock_server({marker})\ndef test_x(mock_server):\n    pass\n"
    assert "takes clock and faults by name" in run(tmp_path, source)
