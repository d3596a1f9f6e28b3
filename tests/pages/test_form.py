"""A third party's form: the same sign-in and consent as with OAuth, then a referral."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.api.calls import call, read
from tests.pages.visitor import Visitor, answer_of
from tests.support import BASE, CALLBACK, Third, app_around, browser


@pytest.fixture
def form(third: Third) -> dict[str, Any]:
    """A form of Test Company for any customer."""
    return dict(call(third, "POST", "forms")[1])


def visit(sandbox: Sandbox, form: dict[str, Any], **extras: str) -> Visitor:
    """The customer's browser after opening the form's link with extra parameters."""
    http = browser(app_around(sandbox))
    path = form["url"].removeprefix(BASE)
    parameters = {"utility": "DEMOUTILITY", "redirect_uri": CALLBACK, "state": "s t", **extras}
    query = "&".join(f"{name}={value.replace(' ', '%20')}" for name, value in parameters.items() if value)
    return Visitor(http, http.get(f"{path}&{query}")).follow()


def signed_in(visitor: Visitor) -> Visitor:
    """The visitor at the consent page, after the default sign-in."""
    return visitor.sends(username="test_residential", password="test_residential").follow()


def test_a_form_ends_with_a_referral(sandbox: Sandbox, third: Third, form: dict[str, Any]) -> None:
    done = signed_in(visit(sandbox, form, email="ann@example.com")).sends(decision="approve")
    answer = answer_of(done.page)
    assert set(answer) == {"referral", "state"}
    assert answer["state"] == "s t"
    sandbox.write_alone(advance_clock, timedelta(seconds=5))
    [found] = read(third, f"authorizations?referrals={answer['referral']}&include=meters")["authorizations"]
    assert (found["form_uid"], found["customer_email"]) == (form["uid"], "ann@example.com")
    assert [meter["is_activated"] for meter in found["meters"]["meters"]] == [False] * 3
    types = {event["type"] for event in read(third, "events")["events"]}
    assert {"form_created", "authorization_created"} <= types


def test_a_customer_who_declines_is_listed(sandbox: Sandbox, third: Third, form: dict[str, Any]) -> None:
    done = signed_in(visit(sandbox, form)).sends(decision="decline")
    answer = answer_of(done.page)
    assert (answer["error"], answer["error_description"]) == ("access_denied", "User declined authorization")
    [declined] = read(third, "authorizations?is_declined=true")["authorizations"]
    assert declined["is_declined"] is True
    assert declined["declined"] == declined["created"]
    assert read(third, f"authorizations?is_declined=false&forms={form['uid']}")["authorizations"] == []
    assert read(third, f"authorizations/{declined['uid']}") == declined
    assert read(third, "events")["events"][0]["type"] == "authorization_declined"


def test_without_a_utility_the_form_offers_the_choice(sandbox: Sandbox, form: dict[str, Any]) -> None:
    page = visit(sandbox, form, utility="").page
    assert page.status_code == 200
    assert "Choose your utility." in page.text
    assert "utility=DEMOUTILITY" in page.text


def test_a_form_with_a_utility_skips_the_choice(sandbox: Sandbox, third: Third) -> None:
    form = dict(call(third, "POST", "forms", body={"utility": "DEMOUTILITY"})[1])
    assert visit(sandbox, form, utility="").page.url.path.startswith("/sso/")


def test_the_templates_link_works_without_a_form(sandbox: Sandbox, third: Third) -> None:
    [template] = read(third, "templates")["templates"]
    link = {"url": f"{template['base_url']}?"}
    answer = answer_of(signed_in(visit(sandbox, link)).sends(decision="approve").page)
    [found] = read(third, f"authorizations?referrals={answer['referral']}")["authorizations"]
    assert (found["template_uid"], found["form_uid"]) == (template["uid"], None)


def test_the_first_redirect_uri_is_the_default_and_noredirect_gives_a_receipt(
    sandbox: Sandbox, form: dict[str, Any]
) -> None:
    default = signed_in(visit(sandbox, form, redirect_uri="")).page
    assert default.url.path.endswith("/consent")
    receipt = signed_in(visit(sandbox, form, redirect_uri="", noredirect="1")).sends(decision="approve")
    assert receipt.page.url.path.startswith("/receipts/")


@pytest.mark.parametrize(
    ("extras", "status"),
    [({"redirect_uri": "https://elsewhere.example/"}, 403), ({"f": "x"}, 400), ({"state": "s" * 5000}, 400)],
)
def test_what_is_wrong_with_the_address_is_never_redirected(
    sandbox: Sandbox, form: dict[str, Any], extras: dict[str, str], status: int
) -> None:
    page = visit(sandbox, form, **extras).page
    assert page.status_code == status
    assert "location" not in page.headers


def test_an_unknown_utility_is_reported_to_the_client(sandbox: Sandbox, form: dict[str, Any]) -> None:
    answer = answer_of(visit(sandbox, form, utility="OTHER").page)
    assert answer["error"] == "invalid_request"
    assert "OTHER" in answer["error_description"]


@pytest.mark.parametrize("change", [{"disabled": True}, {"is_archived": True}])
def test_a_disabled_form_is_gone(
    sandbox: Sandbox, third: Third, form: dict[str, Any], change: dict[str, bool]
) -> None:
    call(third, "PATCH", f"forms/{form['uid']}", body=change)
    assert visit(sandbox, form).page.status_code == 404


def test_a_form_for_an_authorization_renews_it(sandbox: Sandbox, third: Third, form: dict[str, Any]) -> None:
    first = answer_of(signed_in(visit(sandbox, form)).sends(decision="approve").page)["referral"]
    [found] = read(third, f"authorizations?referrals={first}")["authorizations"]
    sandbox.write_alone(advance_clock, timedelta(days=100))
    again = call(
        third, "POST", "forms", body={"authorization_uid": found["uid"], "scope": {"expires": "7d"}}
    )[1]
    second = answer_of(signed_in(visit(sandbox, again)).sends(decision="approve").page)["referral"]
    [renewed] = read(third, f"authorizations?referrals={second}")["authorizations"]
    assert renewed["uid"] == found["uid"]
    assert renewed["referrals"] == [first, second]
    assert renewed["expires"].startswith("2026-06-30T")
    event = read(third, "events")["events"][0]
    assert (event["type"], event["authorization_uid"]) == ("authorization_renewed", found["uid"])


def test_the_scope_of_a_form_decides_its_end(sandbox: Sandbox, third: Third) -> None:
    made = dict(call(third, "POST", "forms", body={"scope": {"expires": "until_revoked"}})[1])
    answer = answer_of(signed_in(visit(sandbox, made)).sends(decision="approve").page)
    [found] = read(third, f"authorizations?referrals={answer['referral']}")["authorizations"]
    assert found["expires"] == found["scope"]["expires"] == "until_revoked"
