"""Forms: made, changed, submitted by tests; what each scenario does to the authorization and its meters."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.consent.scenarios import SCENARIOS
from tests.api.calls import authorize, call, pages, read
from tests.support import BASE, Third

SECONDS = timedelta(seconds=5)


def made_form(third: Third, **wish: Any) -> dict[str, Any]:
    """A new form."""
    status, result = call(third, "POST", "forms", body=wish or None)
    assert status == 200, result
    return dict(result)


def submitted(third: Third, scenario: str, *, after: timedelta = SECONDS) -> dict[str, Any]:
    """The authorization that a scenario comes to, some time later."""
    form = made_form(third)
    body = {"utility": "DEMOUTILITY", "scenario": scenario}
    status, result = call(third, "POST", f"forms/{form['uid']}/test-submit", body=body)
    assert status == 200, result
    third.sandbox.write_alone(advance_clock, after)
    found = read(third, f"authorizations?referrals={result['referral']}&include=meters")["authorizations"]
    assert [one["form_uid"] for one in found] == [form["uid"]]
    return dict(found[0])


def test_every_client_has_a_template(third: Third) -> None:
    [template] = read(third, "templates")["templates"]
    assert template["portal"] == "test_company"
    assert template["base_url"] == f"{BASE}/authorize/test_company"
    assert template == read(third, f"templates/{template['uid']}")
    assert read(third, "templates?disabled=true")["templates"] == []
    assert read(third, f"templates?uids={template['uid']},1")["templates"] == [template]
    live = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    assert call(live, "GET", f"templates/{template['uid']}")[0] == 404


def test_a_form_is_made_from_nothing(third: Third) -> None:
    [template] = read(third, "templates")["templates"]
    form = made_form(third)
    assert form["template_uid"] == template["uid"]
    assert form["url"].startswith(f"{template['base_url']}?f=")
    assert (form["scope"], form["utility"], form["is_archived"], form["disabled"]) == ({}, None, False, False)
    assert read(third, f"forms/{form['uid']}") == form
    [event] = read(third, "events")["events"]
    assert (event["type"], event["form_uid"]) == ("form_created", form["uid"])
    assert "authorization_uid" not in event


def test_a_form_holds_what_was_wished_and_can_be_changed(third: Third) -> None:
    uid, _ = authorize(third)
    wish = {
        "authorization_uid": uid,
        "customer_email": "ann@example.com",
        "utility": "demoutility",
        "scope": {"expires": "7d", "ongoing_end": "2027-01-31T00:00:00Z"},
    }
    form = made_form(third, **wish)
    assert {name: form[name] for name in wish} == {**wish, "utility": "DEMOUTILITY"}
    status, result = call(third, "PATCH", f"forms/{form['uid']}", body={"disabled": True, "utility": None})
    assert (status, result["disabled"], result["utility"]) == (200, True, None)
    assert result["customer_email"] == "ann@example.com"
    assert call(third, "PATCH", f"forms/{form['uid']}", body={"scope": {}})[1]["scope"] == {}


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"template_uid": "1"}, "template_uid"),
        ({"authorization_uid": "1"}, "authorization_uid"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"utility": "OTHER"}, "utility"),
        ({"scope": {"expires": "soon"}}, "scope.expires"),
        ({"scope": {"expires": "2001-01-01T00:00:00Z"}}, "scope.expires"),
        ({"scope": {"ongoing_end": "2027-01-31"}}, "scope.ongoing_end"),
        ({"scope": "3y"}, "scope"),
        ({"scope": {"start": "x"}}, "start"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wish_that_cannot_be_is_named(third: Third, wish: dict[str, Any], named: str) -> None:
    status, result = call(third, "POST", "forms", body=wish)
    assert (status, result["error"]) == (400, "invalid_param")
    assert named in result["error_description"]
    assert read(third, "forms")["forms"] == []


def test_forms_are_filtered_and_paged(third: Third) -> None:
    made = [made_form(third)["uid"] for _ in range(3)]
    call(third, "PATCH", f"forms/{made[0]}", body={"is_archived": True})
    [template] = {form["template_uid"] for form in read(third, "forms")["forms"]}

    def uids(query: str) -> list[str]:
        return [form["uid"] for form in read(third, f"forms?{query}")["forms"]]

    assert uids("") == made[::-1]
    assert uids("is_archived=true") == made[:1]
    assert uids(f"uids={made[1]}") == [made[1]]
    assert uids(f"templates={template}") == made[::-1]
    assert uids("templates=1") == uids("users=1") == []
    paged = [form["uid"] for page in pages(third, "forms?limit=2", "forms") for form in page]
    assert paged == made[::-1]


def test_a_deleted_form_is_gone(third: Third) -> None:
    form = made_form(third)
    live = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    assert call(live, "DELETE", f"forms/{form['uid']}")[0] == 404
    assert call(third, "DELETE", f"forms/{form['uid']}") == (200, {"success": True})
    assert call(third, "GET", f"forms/{form['uid']}")[0] == 404


def test_a_form_starts_pending_and_its_meters_wait(third: Third) -> None:
    early = submitted(third, "residential", after=timedelta(seconds=1))
    assert (early["status"], early["meters"]["meters"]) == ("pending", [])
    third.sandbox.write_alone(advance_clock, SECONDS)
    later = read(third, f"authorizations/{early['uid']}?include=meters")
    assert (later["status"], [note["type"] for note in later["notes"]]) == (
        "updated",
        ["access_valid", "meters_full"],
    )
    [meter] = later["meters"]["meters"]
    assert meter["status_message"] == "Service exists, but no logs yet."
    assert (meter["bill_count"], meter["interval_count"], meter["is_activated"]) == (0, 0, False)
    assert meter["ongoing_monitoring"]["frequency"] == "off"
    assert read(third, f"bills?meters={meter['uid']}")["bills"] == []


OUTCOMES = {
    "residential": ("updated", "meters_full", 1),
    "commercial": ("updated", "meters_full", 4),
    "badlogin": ("errored", "access_invalid", 0),
    "badlogin_after": ("updated", "meters_full", 1),
    "websitedown": ("pending", "retrying", 0),
    "websitedown_after": ("updated", "meters_full", 1),
    "utilityerror": ("errored", "access_unsupported", 0),
    "empty": ("updated", "meters_full", 0),
    "revoked": ("updated", None, 0),
    "nointervals": ("updated", "meters_full", 1),
    "partialintervals": ("updated", "meters_full", 1),
    "pending_manual_after": ("updated", "meters_full", 1),
    "wait_to_login_after": ("updated", "meters_full", 1),
}


@pytest.mark.parametrize("scenario", OUTCOMES)
def test_a_scenario_has_its_outcome(third: Third, scenario: str) -> None:
    found = submitted(third, scenario)
    status, note, meters = OUTCOMES[scenario]
    assert (found["status"], [one["type"] for one in found["notes"]][-1:]) == (status, [note] if note else [])
    assert len(found["meters"]["meters"]) == meters
    assert found["is_revoked"] is (scenario == "revoked")
    assert found["is_test"] is True


def test_every_scenario_has_an_outcome_above() -> None:
    assert [one.name for one in SCENARIOS] == list(OUTCOMES)


@pytest.mark.parametrize(("customer", "meters"), [("test_residential", 3), ("test_commercial", 5)])
def test_a_customers_name_is_a_scenario(third: Third, customer: str, meters: int) -> None:
    assert len(submitted(third, customer)["meters"]["meters"]) == meters


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "utility"),
        ({"utility": "DEMOUTILITY"}, "scenario"),
        ({"utility": "OTHER", "scenario": "residential"}, "utility"),
        ({"utility": "DEMOUTILITY", "scenario": "rain"}, "badlogin"),
        ({"utility": "DEMOUTILITY", "scenario": "real_customer"}, "scenario"),
    ],
)
def test_a_submit_that_cannot_be_is_named(third: Third, body: dict[str, str], named: str) -> None:
    form = made_form(third)
    status, result = call(third, "POST", f"forms/{form['uid']}/test-submit", body=body)
    assert (status, result["error"]) == (400, "invalid_param")
    assert named in result["error_description"]


def test_access_tokens_of_customers_open_no_forms(third: Third) -> None:
    _, token = authorize(third)
    for path in ("forms", "templates", "events"):
        assert call(third, "GET", path, token=token)[0] == 403


def test_a_scenario_happens_to_test_customers_alone(third: Third) -> None:
    with third.sandbox.writing() as transaction:
        transaction.customers.change({}, is_test_account=False)
    body = {"utility": "DEMOUTILITY", "scenario": "residential"}
    status, result = call(third, "POST", f"forms/{made_form(third)['uid']}/test-submit", body=body)
    assert (status, result["error"]) == (400, "invalid_param")


def test_what_a_customer_agrees_to_has_no_scenario(third: Third) -> None:
    assert third.approval().authorization.scenario is None
