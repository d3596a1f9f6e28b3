"""Script and headers smuggled in by names and parameters: stored and reflected."""

import re
from dataclasses import replace

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.pages.visitor import Visitor, query
from tests.support import SCOPE, Third

HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}<svg/onload=alert(1)>"
BREAK = "x\r\nSet-Cookie: stolen=1\r\n\r\n<script>alert(1)</script>"


def is_harmless(page: httpx.Response) -> bool:
    """What was said stands there as text, and the browser was told to run nothing."""
    assert page.headers["content-type"].startswith("text/html")
    assert not re.search(r"<script>|<img src=x|<svg/|\son(error|load)=[^&]*>|>49<", page.text), page.url
    policy = page.headers["content-security-policy"]
    return "default-src 'none'" in policy and "unsafe" not in policy


@pytest.fixture
def hostile(sandbox: Sandbox, third: Third) -> Sandbox:
    """Everybody has a hostile name, and something was authorized."""
    with sandbox.writing() as transaction:
        for client in transaction.clients.list():
            uses = tuple(replace(use, title=HOSTILE, text=HOSTILE) for use in client.scopes_of_use)
            transaction.clients.change(
                {"id": client.id},
                company_name=HOSTILE,
                website=f"https://x.example/{HOSTILE}",
                scopes_of_use=uses,
            )
        for customer in transaction.customers.list():
            transaction.customers.change({"id": customer.id}, name=HOSTILE, about=HOSTILE)
    third.approval()
    return sandbox


STORED = [
    "/",
    "/dashboard",
    "/dashboard/authorizations/500001",
    "/dashboard/request",
    "/settings",
    "/third-party/log-in",
    "/auth-help",
    "/_mock/registrations",
]


@pytest.mark.parametrize("path", STORED)
def test_names_are_text_on_every_page(hostile: Sandbox, http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert is_harmless(answer)


def test_names_are_text_on_the_customers_way(hostile: Sandbox) -> None:
    visitor = Visitor.arrives(hostile, scope="FB=4")
    assert is_harmless(visitor.page)
    visitor.sends(username="test_residential", password="test_residential")
    assert "&lt;script&gt;" in visitor.page.text
    assert is_harmless(visitor.page)
    visitor.sends(decision="approve")
    for path in (f"/receipts/{visitor.page.request.url.path.split('/')[2]}", "/my-authorizations"):
        assert is_harmless(visitor.opens(path).page)


def test_the_review_shows_names_and_paths_as_text(hostile: Sandbox, http: httpx.Client) -> None:
    http.get("/oauth/authorize", params=query(redirect_uri=HOSTILE, client_id=HOSTILE))
    http.post("/oauth/token", data={"grant_type": HOSTILE, "client_id": "DEMOUTILITY_ccccccccc"})
    assert is_harmless(http.get("/_mock/review", headers={"Accept": "text/html"}))


REFLECTED = [
    "client_id",
    "redirect_uri",
    "scope",
    "response_type",
    "state",
    "code_challenge_method",
    "prompt",
    HOSTILE,
]


@pytest.mark.parametrize("name", REFLECTED)
def test_no_parameter_comes_back_as_markup(http: httpx.Client, name: str) -> None:
    answer = http.get("/oauth/authorize", params={**query(), name: HOSTILE})
    if answer.has_redirect_location:
        assert not set("<>\"' \r\n") & set(answer.headers["location"])
    else:
        assert is_harmless(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/errors/{}",
        "/receipts/{}",
        "/connect/{}",
        "/authorize/{}",
        "/{}",
        "/static/{}",
        "/dashboard/{}",
        "/dashboard?client_id={}",
        "/sso/authorize?client_id={}",
        "/third-party/{}",
    ],
)
def test_no_path_comes_back_as_markup(http: httpx.Client, path: str) -> None:
    answer = http.get(path.format(HOSTILE.replace("#", "").replace("?", "").replace("/", "%2F")))
    assert answer.status_code in (303, 400, 401, 404)
    if not answer.has_redirect_location:
        assert is_harmless(answer)


def test_a_refusal_of_an_api_is_no_page(third: Third) -> None:
    for path in (
        f"/api/v2/meters/{HOSTILE}",
        "/oauth/token",
        "/DataCustodian/espi/1_1/resource/x",
        "/_mock/x",
    ):
        answer = third.get(path.replace("</", "<%2F"), HOSTILE.encode("ascii").decode())
        assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("name", ["state", "client_id", "redirect_uri", "scope", "prompt"])
def test_no_parameter_begins_a_header(http: httpx.Client, name: str) -> None:
    answer = http.get("/oauth/authorize", params={**query(), name: BREAK})
    assert "stolen" not in answer.headers.get("set-cookie", "")
    for _, value in answer.headers.raw:
        assert b"\r" not in value
        assert b"\n" not in value


def test_a_state_with_line_ends_comes_back_encoded(http: httpx.Client) -> None:
    http.post("/_mock/auto-approve", json={"enabled": True})
    answer = http.get("/oauth/authorize", params=query(state=BREAK, scope=SCOPE))
    assert (
        answer.headers["location"].endswith(
            "state=x%0D%0ASet-Cookie%3A%20stolen%3D1%0D%0A%0D%0A%3Cscript%3Ealert%281%29%3C%2Fscript%3E"
        )
        or "%0D%0A" in answer.headers["location"].upper()
    )
    assert not set("\r\n<> ") & set(answer.headers["location"])


def test_what_a_client_is_called_begins_no_header(sandbox: Sandbox, third: Third) -> None:
    uid = third.approval().authorization.uid
    with sandbox.writing() as transaction:
        transaction.clients.change({"id": third.client_id}, company_name=BREAK)
        transaction.authorizations.change({"uid": uid}, nickname=BREAK)
    for path in ("/dashboard", f"/dashboard/authorizations/{uid}"):
        assert "stolen" not in third.http.get(path).headers.get("set-cookie", "")


def test_a_fault_cannot_be_armed_with_a_broken_header(http: httpx.Client) -> None:
    for headers in ({"X": BREAK}, {BREAK: "x"}):
        answer = http.post("/_mock/faults", json={"match": {}, "effect": {"status": 503, "headers": headers}})
        assert answer.status_code == 400
