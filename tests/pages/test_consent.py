"""The consent page: what it displays, what the customer can change, and how the request ends."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mock_server.actions.sandboxes.clock import set_clock
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Authorization
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.journeys.forms import form_with, send
from tests.pages.visitor import Visitor, answer_of
from tests.support import CALLBACK

SCOPE = "FB=4_16_51;{}AdditionalScope={}auth-test-test_{}"


def at_consent(
    sandbox: Sandbox, *, customer: str = "residential", parts: str = "", options: str = ""
) -> Visitor:
    return Visitor.arrives(sandbox, scope=SCOPE.format(parts, options, customer))


def authorization_of(sandbox: Sandbox) -> Authorization:
    with sandbox.store.reading() as transaction:
        [found] = transaction.authorizations.list()
        return found


def services_of(sandbox: Sandbox) -> set[str]:
    with sandbox.store.reading() as transaction:
        return {meter.service_id for meter in transaction.meters.list()}


def test_the_page_displays_the_client_the_customer_and_the_requested_data(sandbox: Sandbox) -> None:
    text = at_consent(sandbox).page.text
    for result in ("Test Company", "HEATHER HOMEOWNER", "It does not sell your data", "111111111-1"):
        assert result in text
    assert text.count('name="service"') == 3
    assert text.count('name="data"') == 3


def test_uncommon_data_is_listed_by_name_and_needs_the_data_it_belongs_to(
    sandbox: Sandbox,
) -> None:
    visitor = Visitor.arrives(
        sandbox, scope="FB=4_5_12_15_16_27_38_39;AdditionalScope=auth-test-test_residential"
    )
    text = visitor.page.text
    for result in ("Cost of interval data", "Usage summary with demand and previous day"):
        assert f"<strong>{result}</strong>" in text
    assert text.count('name="data"') == 4, "usage, bills, and the two others"
    visitor.sends(decision="approve", data=["12", "16", "27"])
    granted = set(parse_scope(authorization_of(sandbox).scope).function_blocks)
    assert granted >= {15, 16, 27, 38, 39}
    assert not granted & {4, 5, 12}, "costs of usage need usage"


def test_approving_gives_a_code_and_the_requested_authorization(sandbox: Sandbox) -> None:
    result = answer_of(at_consent(sandbox).sends(decision="approve").page)
    assert set(result) == {"code", "state"}
    found = authorization_of(sandbox)
    assert found.history_start == NOON - timedelta(seconds=63_072_000)
    assert found.expires == NOON + timedelta(days=3 * 365)
    assert set(parse_scope(found.scope).function_blocks) >= {4, 5, 10, 11, 15, 16, 51}
    assert parse_scope(found.scope).account_collection == 3


def test_the_code_comes_first_and_the_state_last(sandbox: Sandbox) -> None:
    location = at_consent(sandbox).sends(decision="approve").page.headers["location"]
    assert location.startswith(f"{CALLBACK}?code=")
    assert location.endswith(("&state=s%2Ft+a%3Bte", "&state=s%2Ft%20a%3Bte"))


def test_the_customer_can_share_less(sandbox: Sandbox) -> None:
    visitor = at_consent(sandbox, customer="commercial")
    visitor.sends(
        decision="approve", data=["4", "51"], history="90", ends="365", service=["22100-00000", "22500-00000"]
    )
    answer_of(visitor.page)
    found = authorization_of(sandbox)
    assert found.history_start == NOON - timedelta(days=90)
    assert found.expires == NOON + timedelta(days=365)
    blocks = set(parse_scope(found.scope).function_blocks)
    assert {4, 5, 51} <= blocks
    assert not {10, 11, 15, 16} & blocks
    assert services_of(sandbox) == {"22100-00000", "22500-00000"}


def test_no_history_and_no_end_can_be_chosen(sandbox: Sandbox) -> None:
    at_consent(sandbox).sends(decision="approve", history="0", ends="never")
    found = authorization_of(sandbox)
    assert (found.history_start, found.expires) == (None, None)
    assert parse_scope(found.scope).history_seconds == 0


@pytest.mark.parametrize(
    ("changed", "missing"),
    [({"service": []}, "at least one service"), ({"data": []}, "at least one kind of data")],
)
def test_sharing_nothing_displays_the_form_again(
    sandbox: Sandbox, changed: dict[str, Any], missing: str
) -> None:
    visitor = at_consent(sandbox)
    visitor.sends("decision", decision="approve", history="90", ends="365", **changed)
    assert visitor.page.status_code == 422
    stored = dict(form_with(visitor.page.text, "decision").fields)
    assert (stored["history"], stored["ends"]) == ("90", "365"), "other choices stay selected"
    assert missing in visitor.page.text
    assert 'role="alert"' in visitor.page.text
    answer_of(visitor.sends("decision", decision="approve", service="11100-00000", data="4").page)


@pytest.mark.parametrize("changed", [{"history": "1"}, {"ends": "tomorrow"}, {"history": "9" * 400}])
def test_a_choice_that_was_not_offered_is_rejected(sandbox: Sandbox, changed: dict[str, Any]) -> None:
    visitor = at_consent(sandbox)
    assert visitor.sends("decision", decision="approve", **changed).page.status_code == 400
    with sandbox.store.reading() as transaction:
        assert transaction.authorizations.list() == []


def test_services_and_data_that_were_not_requested_are_ignored(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-test-test_residential")
    visitor.sends(
        "decision", decision="approve", data=["4", "16", "51"], service=["11100-00000", "44100-00000"]
    )
    assert not {15, 16, 51} & set(parse_scope(authorization_of(sandbox).scope).function_blocks)
    assert services_of(sandbox) == {"11100-00000"}


def test_noedit_locks_everything_and_keeps_the_scope(sandbox: Sandbox) -> None:
    visitor = at_consent(sandbox, options="historical-2025-03-01_ongoing-2026-06-30_sou-default_noedit_")
    assert "<select" not in visitor.page.text
    visitor.sends("decision", decision="approve", data=["51"], service=["11100-00000"], history="0")
    found = authorization_of(sandbox)
    assert found.scope == found.requested_scope
    assert services_of(sandbox) == {"11100-00000", "11200-00000", "11300-00000"}
    assert found.history_start is not None
    assert found.history_start.isoformat() == "2025-03-01T05:00:00+00:00"
    assert found.ongoing_end is not None
    assert found.ongoing_end.isoformat() == "2026-07-01T04:00:00+00:00"


def test_meters_all_locks_the_services_only(sandbox: Sandbox) -> None:
    visitor = at_consent(sandbox, options="meters-all_")
    visitor.sends("decision", decision="approve", service=["11100-00000"], history="90")
    assert len(services_of(sandbox)) == 3
    assert authorization_of(sandbox).history_start == NOON - timedelta(days=90)


def test_declining_redirects_with_an_error_and_shares_nothing(sandbox: Sandbox) -> None:
    result = answer_of(at_consent(sandbox).sends(decision="decline").page)
    assert result["error"] == "access_denied"
    assert result["error_description"] == "User declined authorization"
    with sandbox.store.reading() as transaction:
        assert transaction.authorizations.list() == []
        assert transaction.codes.list() == []


def test_a_form_sent_twice_creates_one_authorization(sandbox: Sandbox) -> None:
    visitor = at_consent(sandbox)
    form, page = form_with(visitor.page.text, "decision"), visitor.page
    first, second = (send(visitor.http, page, form, decision="approve") for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert "already" in second.text
    authorization_of(sandbox)


def test_without_a_redirect_uri_the_customer_gets_a_receipt(sandbox: Sandbox) -> None:
    scope = SCOPE.format("", "", "residential")
    visitor = Visitor.arrives(sandbox, redirect_uri=None, scope=scope).sends(decision="approve")
    assert visitor.page.status_code == 200
    assert visitor.page.url.path.startswith("/receipts/")
    for result in ("Test Company", authorization_of(sandbox).uid, "Electric service 11100-00000"):
        assert result in visitor.page.text
    with sandbox.store.reading() as transaction:
        [mail] = transaction.messages.list()
    assert str(visitor.page.url) in mail.body
    assert visitor.http.get("/receipts/unknown").status_code == 404


def test_declining_without_a_redirect_uri_also_gives_a_receipt(sandbox: Sandbox) -> None:
    scope = SCOPE.format("", "", "residential")
    visitor = Visitor.arrives(sandbox, redirect_uri=None, scope=scope).sends(decision="decline")
    assert visitor.page.status_code == 200
    assert "Nothing was shared" in visitor.page.text or "nothing was shared" in visitor.page.text


@pytest.mark.parametrize("way", ["account-444444444-4", "test-real_customer"])
def test_a_sandbox_client_cannot_connect_a_real_customer(sandbox: Sandbox, way: str) -> None:
    visitor = Visitor.arrives(sandbox, scope=f"FB=4;AdditionalScope=auth-{way}")
    if "account" in way:
        visitor.sends(channel="text")
        with sandbox.store.reading() as transaction:
            [message] = transaction.messages.list()
        visitor.sends(code=message.code or "")
    assert visitor.page.status_code == 403
    assert "sandbox mode" in visitor.page.text
    assert "error=unauthorized_client" in visitor.page.text, "the link back to the client"
    assert visitor.opens(f"/connect/{visitor.request_id}/consent").page.status_code == 409


def test_a_live_client_can_connect_a_real_customer(sandbox: Sandbox) -> None:
    live = {"client_id": "DEMOUTILITY_livelive1", "redirect_uri": "http://127.0.0.1:8765/callback"}
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-test-real_customer", **live)
    assert "RITA REAL" in visitor.page.text


def test_a_customer_without_accounts_has_nothing_to_share(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-test-test_empty")
    assert visitor.page.status_code == 403
    assert "no eligible account" in visitor.page.text
    assert "error=access_denied" in visitor.page.text


def test_the_query_of_the_redirect_uri_is_preserved(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, redirect_uri=f"{CALLBACK}?tenant=1%202")
    location = visitor.sends(decision="approve").page.headers["location"]
    assert location.startswith(f"{CALLBACK}?tenant=1%202&code=")


LATE = datetime(2026, 3, 15, 23, 30, tzinfo=ZoneInfo("America/New_York"))


def test_pages_display_days_in_the_customers_time_zone(sandbox: Sandbox) -> None:
    """In UTC it is already March 16."""
    sandbox.write_alone(set_clock, now=LATE.astimezone(UTC), frozen=True)
    visitor = Visitor.arrives(sandbox, redirect_uri=None, scope=SCOPE.format("", "", "residential"))
    assert "Since March 15, 2024" in visitor.page.text
    assert "Until March 14, 2029" in visitor.page.text, "three years of 365 days, with a leap day between"
    visitor.sends(decision="approve", history="90")
    for result in ("March 15, 2026", "March 14, 2029", "Since December 15, 2025"):
        assert result in visitor.page.text
    dashboard = visitor.opens("/dashboard").page.text
    for result in ("March 15, 2026", "March 14, 2029"):
        assert result in dashboard
