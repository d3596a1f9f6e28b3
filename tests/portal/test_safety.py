"""Attacks on the portal and on the utility's review page: forged forms, frames, scripts, open redirects."""

import re

import httpx
import pytest

from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.portal.people import ANSWERS, Person

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PAGES = [
    "/third-party/register",
    "/third-party/log-in",
    "/settings",
    "/dashboard",
    "/dashboard/request",
    "/_mock/registrations",
]
FORMS = [
    "/third-party/register",
    "/third-party/log-in",
    "/third-party/log-out",
    "/settings/mode",
    "/settings/secrets",
    "/settings/addresses",
    "/settings/uses",
    "/settings/webhooks",
    "/settings/webhooks/1",
    "/_mock/registrations/DEMOUTILITY_ccccccccc/approve",
]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_a_valid_token_changes_nothing(sandbox: Sandbox, path: str) -> None:
    target, attacker = Person.opening(sandbox, "/settings"), Person.opening(sandbox, "/settings")
    target.http.post("/_mock/webhooks", json={"url": "https://x.example/"})
    before = target.http.get("/_mock/clients").json(), target.http.get("/_mock/webhooks").json()
    stolen = attacker.page.text.partition('name="csrf" value="')[2][:64]
    sent = {**ANSWERS, "mode": "sandbox", "kind": "secret", "decision": "remove", "url": "https://y.example"}
    for csrf in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": stolen}):
        answer = target.http.post(path, data={**sent, **csrf})
        assert answer.status_code == 403, csrf
        assert "did not come from a page of this server" in answer.text
    assert (target.http.get("/_mock/clients").json(), target.http.get("/_mock/webhooks").json()) == before


@pytest.mark.parametrize("path", PAGES)
def test_pages_forbid_frames_and_external_content(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] in ("'none'", "'self'")
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|<script(?! src=\"/static/)|\son\w+=|\sstyle=", answer.text)
    assert answer.text.count("<h1") == 1


def test_cookies_are_http_only_and_same_site(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/third-party/register")
    person.sends("/register", **ANSWERS)
    for cookie in person.page.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    session = [
        cookie for cookie in person.page.headers.get_list("set-cookie") if "mock_server_portal=" in cookie
    ]
    assert len(session) == 1


def test_the_login_redirects_to_the_dashboard_only(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        person = Person.opening(sandbox, f"/third-party/log-in?next={target}&return_to={target}")
        csrf = person.page.text.partition('name="csrf" value="')[2][:64]
        data = {"csrf": csrf, "email": ANSWERS["email"], "password": ANSWERS["password"], "next": target}
        answer = person.http.post(f"/third-party/log-in?next={target}", data=data)
        assert answer.headers["location"] == "/dashboard"


def test_values_from_third_parties_are_escaped(sandbox: Sandbox) -> None:
    hostile = {"first_name": HOSTILE, "company_name": HOSTILE, "scope_of_use": HOSTILE}
    person = Person.registered(sandbox, **hostile)
    assert person.page.status_code == 201
    pages = [person.page, Person.registered(sandbox, **hostile, email=HOSTILE).page]
    pages += [person.opens(path).page for path in PAGES]
    assert any("&lt;script&gt;" in page.text for page in pages[2:])
    for page in pages:
        assert "<script>" not in page.text
        assert "<img src=x" not in page.text


def test_only_people_of_a_company_can_open_its_settings(sandbox: Sandbox) -> None:
    own = Person.registered(sandbox)
    client_id = own.facts()["Client id"]
    stranger = Person.opening(sandbox, f"/settings?client_id={client_id}")
    assert stranger.page.url.path == "/third-party/log-in"
    csrf = stranger.page.text.partition('name="csrf" value="')[2][:64]
    answer = stranger.http.post(
        f"/settings/secrets?client_id={client_id}", data={"csrf": csrf, "kind": "secret"}
    )
    assert answer.headers["location"] == "/third-party/log-in"
    assert client_id in own.opens("/settings").page.text


class TestWithoutHints:
    """With hints off, the portal requires a login and is limited to the person's own client."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "hints": False})

    @pytest.mark.parametrize(
        "path", ["/dashboard", "/settings", "/dashboard?client_id=DEMOUTILITY_ccccccccc"]
    )
    def test_pages_redirect_to_the_login_without_a_session(self, sandbox: Sandbox, path: str) -> None:
        page = Person.opening(sandbox, path).page
        assert page.url.path == "/third-party/log-in"
        assert "Test Company" not in page.text

    def test_people_see_their_own_client_only(self, sandbox: Sandbox) -> None:
        person = Person.registered(sandbox)
        assert "Analytical Engines" in person.opens("/dashboard").page.text
        assert "Test Company" not in person.page.text
        assert "Analytical Engines" in person.opens("/settings").page.text
        other = person.opens("/settings?client_id=DEMOUTILITY_livelive1").page
        assert other.url.path == "/third-party/log-in"
