"""Sandboxes named by paths: each a utility of its own, none sees another, and unused ones end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server.app import compose
from mock_server.domain.time.clock import Clock
from mock_server.http.sandboxes import named_in
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.journeys.forms import form_with, send
from tests.support import BASE, CALLBACK, browser

SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"


def tokens(http: httpx.Client, prefix: str) -> dict[str, Any]:
    body = {"scope": SCOPE, "exchange": True}
    answer = http.post(f"{prefix}/_mock/authorizations", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["tokens"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def names(http: httpx.Client) -> list[str]:
    return [one["name"] for one in http.get("/_mock/sandboxes").json()["sandboxes"]]


@pytest.mark.parametrize(
    ("path", "name", "prefix"),
    [
        ("/~a/api/v2", "a", "/~a"),
        ("/~A-7", "A-7", "/~A-7"),
        ("/~a/", "a", "/~a"),
        ("/~" + "a" * 40 + "/x", "a" * 40, "/~" + "a" * 40),
        ("/api/~a", "default", ""),
        ("/~a_b/api", "default", ""),
        ("/~/api", "default", ""),
        ("/~" + "a" * 41 + "/x", "default", ""),
        ("/~ä/x", "default", ""),
    ],
)
def test_a_path_names_its_sandbox(path: str, name: str, prefix: str) -> None:
    assert named_in(path) == (name, prefix)


def test_a_sandbox_is_made_at_its_first_use(http: httpx.Client) -> None:
    assert names(http) == ["default"]
    assert http.get("/~one/_mock/health").json()["sandbox"] == "one"
    assert http.get("/~one").status_code == 200
    assert names(http) == ["default", "one"]


def test_what_is_no_name_is_not_found(http: httpx.Client) -> None:
    assert http.get("/~no_name/api/v2/meters").status_code == 404
    assert names(http) == ["default"]


def test_no_sandbox_sees_another(http: httpx.Client) -> None:
    one = tokens(http, "/~one")["access_token"]
    assert http.get("/~one/api/v2/meters", headers=bearer(one)).status_code == 200
    for prefix in ("", "/~two"):
        assert http.get(f"{prefix}/api/v2/meters", headers=bearer(one)).status_code == 401
        assert http.get(f"{prefix}/_mock/messages").json() == {"messages": []}
    http.post("/~one/_mock/clock/advance", json={"by": "P1D"})
    assert http.get("/~two/_mock/clock").json()["now"] < http.get("/~one/_mock/clock").json()["now"]
    http.post("/~two/_mock/faults", json={"effect": {"status": 503}})
    assert http.get("/~two/api/v2/meters").status_code == 503
    assert http.get("/~one/api/v2/meters").status_code == 401
    journals = {
        prefix: [one["status"] for one in http.get(f"{prefix}/_mock/exchanges").json()["exchanges"]]
        for prefix in ("", "/~one", "/~two")
    }
    assert journals == {"": [401], "/~one": [200, 401], "/~two": [401, 503]}
    http.post("/~two/_mock/reset")
    assert http.get("/~one/_mock/messages").json()["messages"]


def test_every_url_carries_the_prefix(http: httpx.Client) -> None:
    result = tokens(http, "/~one")
    for name in ("resourceURI", "authorizationURI"):
        assert result[name].startswith(f"{BASE}/~one/DataCustodian/")
    feed = http.get(result["resourceURI"], headers=bearer(result["access_token"]))
    hrefs = [part.split('"')[0] for part in feed.text.split('href="')[1:]]
    assert hrefs
    assert [href for href in hrefs if href.startswith(BASE) and not href.startswith(f"{BASE}/~one/")] == []
    provider = http.get("/~one/sso/.well-known/openid-configuration").json()
    assert provider["issuer"] == f"{BASE}/~one/sso"
    page = http.get("/~one/")
    links = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    assert [link for link in links if link.startswith("/") and not link.startswith("/~one/")] == []
    assert http.get("/~one/static/style.css").status_code == 200
    refused = http.get("/~one/api/v2/meters").json()
    assert refused["url"] == f"{BASE}/~one/errors/missing_token"
    exchange = http.get(f"/~one/_mock/exchanges/{refused['request_id']}").json()
    assert (exchange["path"], exchange["url"]) == ("/api/v2/meters", f"{BASE}/~one/api/v2/meters")


@pytest.mark.parametrize("visited_first", ["", "/~two"])
def test_a_customer_logs_in_and_consents_below_the_prefix(http: httpx.Client, visited_first: str) -> None:
    """Single sign-on, its cookies and its redirects stay in the sandbox, also in a browser that knows another."""
    query = {
        "response_type": "code",
        "client_id": "DEMOUTILITY_ccccccccc",
        "redirect_uri": CALLBACK,
        "scope": "FB=4_16_51",
        "state": "s",
    }
    if visited_first:
        http.get(f"{visited_first}/oauth/authorize", params=query)
    http.get("/oauth/authorize", params=query)
    visited: list[str] = []

    def follow(answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and not answer.headers["location"].startswith(CALLBACK):
            visited.append(urlsplit(answer.headers["location"]).path)
            answer = http.get(answer.headers["location"])
        return answer

    page = follow(http.get("/~one/oauth/authorize", params=query))
    log_in = {"username": "test_residential", "password": "test_residential"}
    page = follow(send(http, page, form_with(page.text, "username"), **log_in))
    answer = follow(send(http, page, form_with(page.text, "decision"), decision="approve"))
    assert answer.headers["location"].startswith(f"{CALLBACK}?code=")
    assert visited
    assert [path for path in visited if not path.startswith("/~one/")] == []
    assert all(cookie.path.startswith("/~one/") for cookie in http.cookies.jar if "-one" in cookie.name)


def test_a_sandbox_ends_when_it_is_reported_to(http: httpx.Client) -> None:
    issued = tokens(http, "/~one")
    assert http.delete("/_mock/sandboxes/one").status_code == 204
    assert names(http) == ["default"]
    assert http.get("/~one/api/v2/meters", headers=bearer(issued["access_token"])).status_code == 401
    assert names(http) == ["default", "one"]
    assert http.delete("/_mock/sandboxes/two").status_code == 404
    assert http.delete("/_mock/sandboxes/default").status_code == 409


def test_a_fork_begins_as_its_original_and_lives_apart(http: httpx.Client) -> None:
    issued = tokens(http, "")
    http.post("/_mock/clock/advance", json={"by": "P1D"})
    refreshed = http.post("/_mock/authorizations", json={"scope": SCOPE, "exchange": True}).json()["tokens"][
        "access_token"
    ]
    made = http.post("/_mock/sandboxes", json={"name": "copy"})
    assert (made.status_code, made.json()) == (201, {"name": "copy", "url": f"{BASE}/~copy"})
    for prefix in ("", "/~copy"):
        assert http.get(f"{prefix}/api/v2/meters", headers=bearer(refreshed)).status_code == 200
        assert http.get(f"{prefix}/_mock/clock").json() == http.get("/_mock/clock").json()
    uid = issued["authorizationURI"].rpartition("/")[2]
    http.post(f"/~copy/_mock/authorizations/{int(uid) + 1}/revoke")
    http.post("/~copy/_mock/clock/advance", json={"by": "P1D"})
    assert http.get("/api/v2/meters", headers=bearer(refreshed)).status_code == 200
    assert http.get("/~copy/api/v2/meters", headers=bearer(refreshed)).status_code == 403
    assert len(http.get("/_mock/exchanges").json()["exchanges"]) == 2


def test_a_fork_can_begin_at_a_snapshot_and_below_a_prefix(http: httpx.Client) -> None:
    http.post("/~one/_mock/snapshots", json={"name": "empty"})
    tokens(http, "/~one")
    for body, messages in (({"snapshot": "empty"}, 0), ({}, 1), ({"from": "default"}, 0)):
        made = http.post("/~one/_mock/sandboxes", json=body).json()
        assert made["url"] == f"{BASE}/~{made['name']}"
        assert len(http.get(f"/~{made['name']}/_mock/messages").json()["messages"]) == messages
    assert len(names(http)) == 5


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "default"}, 409),
        ({"name": "one"}, 409),
        ({"from": "nobody"}, 404),
        ({"snapshot": "none"}, 404),
        ({"name": "a b"}, 400),
        ({"nam": "x"}, 400),
    ],
)
def test_what_cannot_be_forked_is_reported(http: httpx.Client, body: dict[str, str], status: int) -> None:
    http.get("/~one/")
    answer = http.post("/_mock/sandboxes", json=body)
    assert (answer.status_code, bool(answer.json()["error_description"])) == (status, True)
    assert names(http) == ["default", "one"]


class TestLimit:
    """No more sandboxes than a setting allows."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "most_sandboxes": 3})

    def test_one_too_many_is_refused_in_the_protocol_of_the_address(self, http: httpx.Client) -> None:
        http.get("/~one/")
        http.get("/~two/")
        refused = http.get("/~three/api/v2/meters")
        assert (refused.status_code, refused.json()["error"]) == (503, "temporarily_unavailable")
        assert "MOCK_SERVER_MOST_SANDBOXES" in refused.json()["error_description"]
        page = http.get("/~three/dashboard")
        assert (page.status_code, "MOCK_SERVER_MOST_SANDBOXES" in page.text) == (503, True)
        assert http.post("/~three/oauth/token").json()["error"] == "temporarily_unavailable"
        assert http.post("/_mock/sandboxes").json()["error"] == "temporarily_unavailable"
        assert names(http) == ["default", "one", "two"]
        assert http.get("/~two/api/v2/meters").status_code == 401
        http.delete("/_mock/sandboxes/one")
        assert http.get("/~three/api/v2/meters").status_code == 401


class TestUnused:
    """The machine's clock goes on by hand, and there may be two sandboxes beside `default`."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "most_sandboxes": 3})

    @pytest.fixture
    def machine(self) -> list[datetime]:
        return [NOON]

    @pytest.fixture
    def sandbox(self, sandbox: Sandbox, machine: list[datetime]) -> Sandbox:
        return replace(sandbox, clock=Clock(sandbox.clock.read_state, machine_now=lambda: machine[0]))

    @pytest.fixture
    def http(self, sandbox: Sandbox) -> Iterator[httpx.Client]:
        with browser(compose(sandbox)) as client:
            yield client

    def test_a_sandbox_that_nobody_used_for_a_day_ends(
        self, http: httpx.Client, machine: list[datetime]
    ) -> None:
        http.get("/~one/")
        http.get("/~two/")
        machine[0] += timedelta(hours=20)
        http.get("/~two/")
        machine[0] += timedelta(hours=5)
        http.get("/~three/")
        assert names(http) == ["default", "three", "two"]
