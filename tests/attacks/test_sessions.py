"""Browsers: fixed sessions, foreign log-ins, stolen cookies, pages in frames (RFC 6819 §4.4.1, RFC 9700 §4.16)."""

import re

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.journeys.forms import form_with
from tests.pages.visitor import Visitor, query
from tests.portal.people import ANSWERS, Person
from tests.support import app_around, browser

PHONE = "FB=4;AdditionalScope=auth-phone-%2B11111111111"
BILL = "FB=4;AdditionalScope=auth-lastbill"
LAST_BILL = {"account": "111111111-1", "amount": "100", "date": "2022-01-01"}


def copied(sandbox: Sandbox, visitor: Visitor) -> httpx.Client:
    """A browser that has every cookie of another one."""
    thief = browser(app_around(sandbox))
    for cookie in visitor.http.cookies.jar:
        thief.cookies.jar.set_cookie(cookie)
    return thief


def signs_in(visitor: Visitor, way: str) -> None:
    if way == "sso":
        visitor.sends(username="test_residential", password="test_residential")
    elif way == "lastbill":
        visitor.sends(**LAST_BILL)
    else:
        visitor.sends(channel="text")
        found = re.search(r"<strong>(\d{6})</strong>", visitor.page.text)
        assert found
        visitor.sends(code=found[1])
    assert visitor.page.url.path.endswith("/consent")


@pytest.mark.parametrize(("way", "scope"), [("sso", "FB=4"), ("lastbill", BILL), ("phone", PHONE)])
def test_whoever_fixed_the_cookies_before_is_left_out_once_the_customer_signed_in(
    sandbox: Sandbox, way: str, scope: str
) -> None:
    target = Visitor.arrives(sandbox, scope=scope)
    attacker = copied(sandbox, target)
    assert attacker.get(target.page.url).status_code == 200
    signs_in(target, way)
    assert attacker.get(target.page.url.path).status_code == 404
    form = form_with(target.page.text, "decision")
    assert attacker.post(form.action, data={"csrf": "0" * 64, "decision": "approve"}).status_code == 404
    assert target.sends(decision="approve").page.status_code == 302


def test_other_requests_of_the_browser_go_on_after_a_sign_in(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BILL)
    first = visitor.page.url.path
    second = Visitor(visitor.http, visitor.http.get("/oauth/authorize", params=query(scope="FB=4")))
    signs_in(second.follow(), "sso")
    assert visitor.opens(first).page.status_code == 200
    visitor.sends(**LAST_BILL)
    assert visitor.page.url.path.endswith("/consent")


@pytest.mark.parametrize("cookie", ["mock_server_sso", "mock_server_portal", "mock_server_customer"])
def test_a_session_that_was_put_into_a_browser_is_not_the_one_it_logs_in_to(
    sandbox: Sandbox, cookie: str
) -> None:
    fixed, path = (
        "f" * 64,
        {"mock_server_sso": "/sso", "mock_server_customer": "/my-authorizations"}.get(cookie, "/"),
    )
    if cookie == "mock_server_portal":
        Person.registered(sandbox)
        person = Person.opening(sandbox, "/third-party/log-in")
        http = person.http
        http.cookies.set(cookie, fixed, domain="localhost.local", path=path)
        person.sends("/log-in", email=ANSWERS["email"], password=ANSWERS["password"])
    else:
        http = browser(app_around(sandbox))
        http.cookies.set(cookie, fixed, domain="localhost.local", path=path)
        visitor = Visitor(http, http.get("/my-authorizations")).follow()
        visitor.sends(username="test_residential", password="test_residential")
    stranger = browser(app_around(sandbox))
    stranger.cookies.set(cookie, fixed, domain="localhost.local", path=path)
    assert {one.value for one in http.cookies.jar if one.name == cookie and one.path} - {fixed}
    for page in ("/my-authorizations", "/settings"):
        assert "Heather" not in stranger.get(page).text
        assert "Analytical" not in stranger.get(page).text


def test_a_foreign_page_logs_nobody_in(sandbox: Sandbox) -> None:
    """Log-in CSRF: the victim would share the attacker's data, or the attacker see what the victim enters."""
    Person.registered(sandbox)
    target, attacker = browser(app_around(sandbox)), Visitor.arrives(sandbox, scope="FB=4")
    form = form_with(attacker.page.text, "username")
    result = {**dict(form.fields), "username": "test_residential", "password": "test_residential"}
    assert target.post(form.action, data=result).status_code == 403
    portal = Person.opening(sandbox, "/third-party/log-in")
    result = {**dict(form_with(portal.page.text, "email").fields), "email": ANSWERS["email"]}
    result["password"] = ANSWERS["password"]
    assert target.post("/third-party/log-in", data=result).status_code == 403
    assert not [one for one in target.cookies.jar if one.name in ("mock_server_sso", "mock_server_portal")]


@pytest.mark.parametrize("page", ["/connect/signed-on", "/my-authorizations/signed-on"])
def test_the_answer_of_somebody_elses_log_in_is_not_taken(sandbox: Sandbox, page: str) -> None:
    attacker = Visitor.arrives(sandbox, scope="FB=4")
    action = form_with(attacker.page.text, "username").action
    state = httpx.URL(action).params["state"]
    target = browser(app_around(sandbox))
    answer = target.get(page, params={"code": "c" * 64, "state": state})
    assert answer.status_code in (403, 404)
    assert list(target.cookies.jar) == []


def test_a_request_is_for_the_browser_that_began_it(sandbox: Sandbox) -> None:
    target, attacker = Visitor.arrives(sandbox), Visitor.arrives(sandbox)
    assert attacker.opens(target.page.url.path).page.status_code == 404
    form = form_with(target.page.text, "decision")
    stolen = {**dict(form.fields), "decision": "approve"}
    assert attacker.http.post(form.action, data=stolen).status_code == 404


def test_a_form_of_one_client_answers_no_other_clients_request(sandbox: Sandbox) -> None:
    """Even in one browser, with its cookie: the token of a form is bound to its request."""
    first = Visitor.arrives(sandbox)
    theirs = dict(form_with(first.page.text, "decision").fields)["csrf"]
    second = Visitor(first.http, first.http.get("/oauth/authorize", params=query())).follow()
    form = form_with(second.page.text, "decision")
    answer = second.http.post(form.action, data={**dict(form.fields), "csrf": theirs, "decision": "approve"})
    assert answer.status_code == 403


def test_one_kind_of_session_is_none_of_another_kind(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    secret = next(one.value for one in person.http.cookies.jar if one.name == "mock_server_portal") or ""
    thief = browser(app_around(sandbox))
    for name in ("mock_server_customer", "mock_server_sso", "mock_server_browser"):
        thief.cookies.set(name, secret, domain="localhost.local")
    answer = thief.get("/my-authorizations")
    assert answer.has_redirect_location
    assert Visitor(thief, answer).follow().page.url.path == "/sso/authorize"


def test_a_session_of_one_sandbox_is_none_of_another(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    secret = next(one.value for one in person.http.cookies.jar if one.name == "mock_server_portal") or ""
    answer = person.http.get("/~other/settings", headers={"Cookie": f"mock_server_portal-other={secret}"})
    assert "Analytical" not in answer.text


PAGES = ["/", "/oauth/authorize", "/my-authorizations", "/auth-help", "/errors/invalid_grant", "/receipts/x"]


@pytest.mark.parametrize(
    "path", [*PAGES, "/sso/authorize", "/third-party/log-in", "/settings", "/_mock/docs"]
)
def test_no_page_shows_in_a_frame(sandbox: Sandbox, path: str) -> None:
    http = browser(app_around(sandbox))
    page = http.get(path)
    while page.has_redirect_location:
        page = http.get(page.url.join(page.headers["location"]))
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_consent_page_shows_in_no_frame(sandbox: Sandbox) -> None:
    page = Visitor.arrives(sandbox).page
    assert page.url.path.endswith("/consent")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_no_script_reads_a_cookie_and_no_foreign_form_brings_one(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4")
    answers = [browser(app_around(sandbox)).get("/oauth/authorize", params=query()), visitor.page]
    result = [line for answer in answers for line in answer.headers.get_list("set-cookie")]
    assert all("HttpOnly" in line and "SameSite=lax" in line for line in result)
