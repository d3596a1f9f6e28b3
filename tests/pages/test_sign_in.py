"""Sign-in: look-up, one-time codes, lockout, steps out of order, other browsers."""

from datetime import timedelta

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.journeys.forms import form_with, forms_of, send
from tests.journeys.stories import FACTS, NEEDS_CODE, WAYS
from tests.pages.visitor import Visitor, answer_of, query

BY_PHONE = "FB=4_16_51;AdditionalScope=auth-phone"
PREFILLED = "FB=4_16_51;AdditionalScope=auth-phone-5551111111"


def newest_code(sandbox: Sandbox) -> str:
    with sandbox.store.reading() as transaction:
        return next(m.code for m in transaction.messages.list(order="-at") if m.code)


def waits_for_code(sandbox: Sandbox) -> Visitor:
    """A visitor who was found by phone number and has requested a code."""
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE).sends(
        phone=FACTS["test_residential"]["phone"]["phone"]
    )
    return visitor.sends(channel="text")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize("way", [way for way in WAYS if way != "sso"])
def test_values_that_match_nobody_stay_in_the_form(sandbox: Sandbox, way: str) -> None:
    answers = FACTS["test_residential"][way]
    mistaken = {**answers, next(iter(answers)): "000 not on file"}
    visitor = Visitor.arrives(sandbox, scope=f"FB=4_16_51;AdditionalScope=auth-{way}")
    visitor.sends(**mistaken)
    assert visitor.page.status_code == 422
    assert 'role="alert"' in visitor.page.text
    assert "000 not on file" in visitor.page.text
    visitor.sends(**answers)
    assert visitor.page.status_code == 200
    assert ("channel" if way in NEEDS_CODE else "decision") in visitor.page.text


@pytest.mark.parametrize("way", WAYS)
def test_every_way_links_to_the_others(sandbox: Sandbox, way: str) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-account")
    visitor.opens(f"/connect/{visitor.request_id}/sign-in/{way}")
    assert visitor.page.status_code == 200
    if way != "sso":
        assert visitor.page.text.count(f"/connect/{visitor.request_id}/sign-in/") >= len(WAYS) - 1


def test_an_unknown_way_is_not_found(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
    assert visitor.opens(f"/connect/{visitor.request_id}/sign-in/nose").page.status_code == 404


def test_a_prefilled_value_that_matches_nobody_falls_back_to_the_login(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4_16_51;AdditionalScope=auth-phone-5550000000")
    assert visitor.page.url.path.endswith("/sign-in/sso")
    assert "We found no account" in visitor.page.text
    visitor.sends("csrf")
    visitor.sends(**FACTS["test_residential"]["sso"])
    assert "decision" in visitor.page.text


def test_the_last_bill_prefills_the_account_number_only(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-lastbill-111111111-1")
    assert dict(form_with(visitor.page.text, "account", "amount").fields)["account"] == "111111111-1"
    visitor.sends(amount="$100.00", date="1/1/2022")
    assert "decision" in visitor.page.text


def test_five_wrong_codes_lock_the_sign_in(sandbox: Sandbox) -> None:
    visitor = waits_for_code(sandbox)
    code = newest_code(sandbox)
    for left in (4, 3, 2, 1):
        visitor.sends(code=wrong(code))
        assert visitor.page.status_code == 422
        assert f"{left} " in visitor.page.text
    result = answer_of(visitor.sends(code=wrong(code)).page)
    assert result["error"] == "access_denied"
    assert result["state"] == "s/t a;te"


def test_requesting_another_code_does_not_reset_the_attempts(sandbox: Sandbox) -> None:
    visitor = waits_for_code(sandbox)
    for _ in range(4):
        visitor.sends(code=wrong(newest_code(sandbox))).sends(channel="email")
    assert answer_of(visitor.sends(code=wrong(newest_code(sandbox))).page)["error"] == "access_denied"


def test_a_code_expires_after_ten_minutes_and_a_new_one_works(sandbox: Sandbox) -> None:
    visitor = waits_for_code(sandbox)
    old = newest_code(sandbox)
    sandbox.write_alone(advance_clock, timedelta(minutes=10, seconds=1))
    assert "10 minutes" in visitor.sends(code=old).page.text
    visitor.sends(channel="call")
    assert "decision" in visitor.sends(code=newest_code(sandbox)).page.text


def test_only_the_newest_code_works_with_or_without_spaces(sandbox: Sandbox) -> None:
    visitor = waits_for_code(sandbox)
    first = newest_code(sandbox)
    sandbox.write_alone(advance_clock, timedelta(seconds=1))
    visitor.sends(channel="text")
    second = newest_code(sandbox)
    if first != second:
        assert visitor.sends(code=first).page.status_code == 422
    assert "decision" in visitor.sends(code=f" {second[:3]} {second[3:]} ").page.text


@pytest.mark.parametrize("channel", ["text", "call", "email"])
def test_the_code_is_sent_to_the_address_on_file(sandbox: Sandbox, channel: str) -> None:
    Visitor.arrives(sandbox, scope=PREFILLED.replace("5551111111", "%2B11111111111")).sends(channel=channel)
    with sandbox.store.reading() as transaction:
        [message] = transaction.messages.list()
    facts = FACTS["test_residential"]
    assert message.channel == channel
    assert message.to == (facts["email"]["email"] if channel == "email" else facts["phone"]["phone"])


def test_addresses_on_file_are_masked(sandbox: Sandbox) -> None:
    page = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-account-111111111-1").page
    assert "heather.homeowner" not in page.text
    assert "+11111111111" not in page.text
    assert "···" in page.text


def test_a_form_without_a_valid_token_is_rejected(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
    path = visitor.page.url.path
    for forged in ({}, {"csrf": "x"}, {"csrf": "0" * 64}):
        answer = visitor.http.post(path, data={"phone": "+11111111111", **forged})
        assert answer.status_code == 403
        assert "<h1" in answer.text
    with sandbox.store.reading() as transaction:
        [saved] = transaction.requests.list()
    assert saved.customer_id is None


def test_another_browser_cannot_continue_the_request(sandbox: Sandbox) -> None:
    target = Visitor.arrives(sandbox)
    other = Visitor.arrives(sandbox)
    for path in ("", "/sign-in/phone", "/code", "/consent"):
        assert other.opens(f"/connect/{target.request_id}{path}").page.status_code == 404
    form = form_with(target.page.text, "decision")
    assert send(other.http, target.page, form, decision="approve").status_code == 404


def test_a_form_token_works_for_its_own_request_only(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
    first = visitor.page
    visitor.page = visitor.http.get("/oauth/authorize", params=query(scope=BY_PHONE))
    second = visitor.follow().page
    stolen = dict(form_with(first.text, "phone").fields)["csrf"]
    answer = visitor.http.post(second.url.path, data={"csrf": stolen, "phone": "+11111111111"})
    assert answer.status_code == 403


def test_steps_out_of_order_are_conflicts(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
    start = f"/connect/{visitor.request_id}"
    assert visitor.opens(f"{start}/consent").page.status_code == 409
    assert visitor.opens(f"{start}/code").page.status_code == 409
    token = dict(form_with(visitor.opens(start).page.text, "phone").fields)["csrf"]
    for path in ("code", "code/send", "consent"):
        answer = visitor.http.post(f"{start}/{path}", data={"csrf": token, "decision": "approve"})
        assert answer.status_code == 409, path


def test_the_customer_can_cancel_at_any_step(sandbox: Sandbox) -> None:
    for visitor in (
        Visitor.arrives(sandbox, scope=BY_PHONE),
        waits_for_code(sandbox),
        Visitor.arrives(sandbox),
    ):
        token = dict(forms_of(visitor.page.text)[0].fields)["csrf"]
        answer = visitor.http.post(f"/connect/{visitor.request_id}/cancel", data={"csrf": token})
        result = answer_of(answer)
        assert (result["error"], result["state"]) == ("access_denied", "s/t a;te")
        assert visitor.opens(f"/connect/{visitor.request_id}").page.status_code == 409


def test_a_request_expires_after_an_hour(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
    sandbox.write_alone(advance_clock, timedelta(hours=1, seconds=1))
    assert visitor.sends(phone="+11111111111").page.status_code == 404


def test_a_logged_in_customer_signs_in_without_a_form(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-sso")
    visitor.sends(**FACTS["test_commercial"]["sso"])
    assert "ACME CORP" in visitor.page.text
    visitor.page = visitor.http.get("/oauth/authorize", params=query(scope="FB=4"))
    assert "decision" in visitor.follow().page.text
    requested = query(scope="FB=4", prompt="on")
    visitor.page = visitor.http.get("/oauth/authorize", params=requested)
    assert visitor.follow().page.url.path.endswith("/sign-in/sso")
    visitor.sends("csrf")
    assert "password" in visitor.page.text, "prompt=on requires a new login despite the session"


def test_a_forged_login_response_is_rejected(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-sso")
    with sandbox.store.reading() as transaction:
        [saved] = transaction.requests.list()
    back = "/connect/signed-on"
    assert visitor.http.get(back).status_code == 404
    assert visitor.http.get(back, params={"state": f"{saved.id}.x", "code": "y"}).status_code == 403
    state = f"{saved.id}.{saved.sso_state}"
    assert visitor.http.get(back, params={"state": state}).status_code == 400
    assert visitor.http.get(back, params={"state": state, "code": "y"}).status_code == 403


def test_cancelling_the_login_offers_another_way(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-sso")
    visitor.sends("username", decision="cancel")
    assert visitor.page.url.path.endswith("/sign-in/account")
    assert "You did not log in" in visitor.page.text


class TestWithoutHints:
    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "hints": False})

    def test_neither_customers_nor_codes_are_displayed(self, sandbox: Sandbox) -> None:
        visitor = Visitor.arrives(sandbox, scope=BY_PHONE)
        assert "HOMEOWNER" not in visitor.page.text
        visitor.sends(phone="+11111111111").sends(channel="text")
        assert newest_code(sandbox) not in visitor.page.text


def test_with_hints_the_page_displays_the_code(sandbox: Sandbox) -> None:
    visitor = waits_for_code(sandbox)
    assert newest_code(sandbox) in visitor.page.text
