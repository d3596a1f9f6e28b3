"""A surface is loaded when its first request comes, and every one of its addresses leads to it."""

import subprocess
import sys

import httpx
import pytest

from mock_server.app import SURFACES
from mock_server.http.surface import Surface, surface_at
from mock_server.testing.server import MockServer

_START = """
import sys, tempfile
from fastapi.testclient import TestClient
from mock_server.app import create_app
from mock_server.settings import read_settings

with tempfile.TemporaryDirectory() as folder:
    app = create_app(read_settings({"database_url": f"sqlite:///{folder}/x.db"}))
    with TestClient(app) as http:
        assert http.get("/_mock/health").status_code == 200
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


@pytest.mark.parametrize("surface", SURFACES, ids=lambda one: one.name)
def test_every_address_leads_to_its_surface(surface: Surface) -> None:
    paths = {getattr(route, "path", "") for route in surface.served.routes}
    assert {path: surface_at(SURFACES, path).name for path in paths} == dict.fromkeys(paths, surface.name)


def test_a_server_that_only_started_has_loaded_no_surface() -> None:
    heavy = [f"mock_server.{name}" for name in ("oauth.token", "espi.feed", "api.lists", "pages.home")]
    heavy += [
        "mock_server.portal.visit",
        "mock_server.control.sandbox.state",
        "jinja2",
        "lxml",
        "jose",
        "numpy",
    ]
    command = [sys.executable, "-W", "ignore", "-c", _START, *heavy]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []


PATHS = (
    "/",
    "/openapi.json",
    "/.well-known/oauth-authorization-server",
    "/_mock/health",
    "/_mock/clock",
    "/_mock/console/accounts",
    "/static/style.css",
    "/api/v2/meters",
    "/DataCustodian/espi/1_1/resource/ReadServiceStatus",
)


@pytest.mark.parametrize("path", PATHS)
def test_head_is_answered_wherever_get_is(mock_server: MockServer, path: str) -> None:
    got, head = (httpx.request(method, mock_server.url + path) for method in ("GET", "HEAD"))
    assert (head.status_code, head.headers["content-type"]) == (got.status_code, got.headers["content-type"])
    assert head.headers["content-length"] == str(len(got.content)) != "0"
    assert head.content == b""


def test_head_is_no_way_to_what_only_post_does(mock_server: MockServer) -> None:
    answer = httpx.head(f"{mock_server.url}/_mock/reset")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
