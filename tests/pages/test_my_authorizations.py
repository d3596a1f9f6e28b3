"""The customer's page of authorizations: login, list, and how to stop sharing."""

import re

import pytest

from mock_server.app import compose
from mock_server.sandbox import Sandbox
from tests.pages.visitor import Visitor
from tests.support import BASE, Third, browser

PAGE = "/my-authorizations"


def logged_in(sandbox: Sandbox, customer: str = "test_residential") -> Visitor:
    """A customer who is logged in at the page."""
    http = browser(compose(sandbox))
    visitor = Visitor(http, http.get(PAGE)).follow()
    assert visitor.page.url.path == "/sso/authorize"
    visitor.sends("username", username=customer, password=customer)
    assert visitor.page.url.path == PAGE
    return visitor


def end_action(uid: str) -> str:
    return f'action="{PAGE}/{uid}/revoke"'


def csrf_of(visitor: Visitor) -> str:
    return visitor.page.text.partition('name="csrf" value="')[2][:64]


def test_customers_see_only_their_own_authorizations(third: Third) -> None:
    own = third.tokens("test_residential").authorization.uid
    others = third.tokens("test_commercial").authorization.uid
    page = logged_in(third.sandbox).page.text
    for result in ("HEATHER HOMEOWNER", "Test Company", "Electric service 11100-00000", end_action(own)):
        assert result in page
    assert end_action(others) not in page
    assert "ACME" not in page


def test_stopping_ends_the_access_of_the_company(third: Third) -> None:
    tokens = third.tokens("test_residential")
    uid = tokens.authorization.uid
    batch = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}"
    assert third.get(batch, tokens.access_token).status_code == 200
    visitor = logged_in(third.sandbox)
    visitor.page = visitor.http.post(f"{PAGE}/{uid}/revoke", data={"csrf": csrf_of(visitor)})
    visitor.follow()
    assert visitor.page.url.path == PAGE
    assert '<span class="tag revoked">revoked</span>' in visitor.page.text
    assert end_action(uid) not in visitor.page.text
    assert third.get(batch, tokens.access_token).status_code == 403
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    events = third.http.get("/api/v2/events", headers=headers).json()["events"]
    assert [event["type"] for event in events].count("authorization_revoked") == 1


def test_customers_cannot_end_authorizations_of_others(third: Third) -> None:
    uid = third.tokens("test_commercial").authorization.uid
    visitor = logged_in(third.sandbox)
    answer = visitor.http.post(f"{PAGE}/{uid}/revoke", data={"csrf": csrf_of(visitor)})
    assert answer.status_code == 404
    stranger = Visitor(visitor.http, visitor.page)
    stranger.http.cookies.delete("mock_server_customer")
    answer = stranger.http.post(f"{PAGE}/{uid}/revoke", data={"csrf": csrf_of(visitor)})
    assert answer.headers["location"].startswith("/sso/authorize?")
    assert end_action(uid) in logged_in(third.sandbox, "test_commercial").page.text


@pytest.mark.parametrize("path", ["{uid}/revoke", "log-out"])
def test_a_form_of_another_site_or_browser_changes_nothing(third: Third, path: str) -> None:
    uid = third.tokens("test_residential").authorization.uid
    visitor, other = logged_in(third.sandbox), logged_in(third.sandbox)
    for data in ({}, {"csrf": "0" * 64}, {"csrf": csrf_of(other)}):
        assert visitor.http.post(f"{PAGE}/{path.format(uid=uid)}", data=data).status_code == 403
    assert end_action(uid) in visitor.opens(PAGE).page.text


def test_logging_out_ends_both_sessions(sandbox: Sandbox) -> None:
    visitor = logged_in(sandbox)
    visitor.page = visitor.http.post(f"{PAGE}/log-out", data={"csrf": csrf_of(visitor)})
    visitor.follow()
    assert visitor.page.url.path == "/sso/log-out"
    assert visitor.opens(PAGE).page.url.path == "/sso/authorize"


def test_a_customer_logged_in_at_the_provider_needs_no_login(sandbox: Sandbox) -> None:
    visitor = logged_in(sandbox)
    visitor.http.cookies.delete("mock_server_customer")
    assert visitor.opens(PAGE).page.url.path == PAGE


def test_an_unrequested_login_response_is_rejected(sandbox: Sandbox) -> None:
    attacker = browser(compose(sandbox))
    begun = Visitor(attacker, attacker.get(PAGE)).follow()
    form = {"csrf": csrf_of(begun), "username": "test_commercial", "password": "test_commercial"}
    answer = attacker.post(str(begun.page.url), data=form).headers["location"]
    assert answer.startswith(f"{BASE}{PAGE}/signed-on?code=")
    target = browser(compose(sandbox))
    assert target.get(answer).status_code == 403
    target.get(PAGE)
    assert target.get(answer).status_code == 403
    assert attacker.get(answer).status_code == 303


def test_cancelling_the_login_displays_no_authorizations(sandbox: Sandbox) -> None:
    http = browser(compose(sandbox))
    visitor = Visitor(http, http.get(PAGE)).follow()
    visitor.sends("decision", decision="cancel")
    assert visitor.page.status_code == 403
    assert visitor.page.url.path == f"{PAGE}/signed-on"


def test_cookies_are_limited_to_this_page(sandbox: Sandbox) -> None:
    http = browser(compose(sandbox))
    cookies = http.get(PAGE).headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert f"Path={PAGE}" in cookie


def test_receipt_and_email_link_to_the_page(third: Third) -> None:
    visitor = Visitor.arrives(third.sandbox, redirect_uri=None)
    visitor.sends("decision", decision="approve")
    assert visitor.page.url.path.startswith("/receipts/")
    assert f'href="{PAGE}"' in visitor.page.text
    (mail,) = third.http.get("/_mock/messages").json()["messages"]
    links = re.findall(r"http://\S+", mail["body"])
    assert f"{BASE}{PAGE}" in [link.rstrip(".") for link in links]


def test_the_page_says_if_there_are_no_authorizations(sandbox: Sandbox) -> None:
    assert "You are not sharing data with anyone" in logged_in(sandbox).page.text


def test_the_help_page_explains_every_way_to_sign_in(sandbox: Sandbox) -> None:
    page = browser(compose(sandbox)).get("/auth-help")
    assert page.status_code == 200
    assert page.text.count("<dt>") >= 6
    assert f'href="{PAGE}"' in page.text
