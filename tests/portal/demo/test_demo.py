"""The demo client: its steps, its checks of the callback, its scenarios and its errors."""

import asyncio
import json
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote

import httpx
import pytest

from mock_server.portal.demo.flow import days_of
from mock_server.portal.demo.http_client import DemoHttpClient
from mock_server.portal.demo.pages import _indented
from mock_server.portal.demo.run import Run, Step, run_id, seal, unseal
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.portal.people import Person
from tests.support import Third

DEMO = "/DataCustodian/thirdparty-demo"
STEPS = ["Discovery", "Authorize request", "Redirect", "Token request", "Batch read"]
STEPS += ["JSON API: meters", "JSON API: readings"]


def begun(sandbox: Sandbox, **values: str | list[str]) -> Person:
    """A browser that the demo redirected to the utility's pages."""
    return Person.opening(sandbox, DEMO).sends("/begin", **{"customer": "test_residential", **values})


def connected(sandbox: Sandbox, **values: str | list[str]) -> Person:
    """A browser that completed the demo."""
    return begun(sandbox, **values).sends("consent", decision="approve")


def steps_of(person: Person) -> list[tuple[str, str]]:
    """Title and status of each step on the page."""
    found = []
    for part in person.page.text.split('<h3 id="step-')[1:]:
        title = part.partition(". ")[2].partition(" <span")[0]
        found.append((title, part.partition('">')[2].partition("</span>")[0].rpartition(">")[2]))
    return found


def csrf_of(person: Person) -> str:
    return person.page.text.partition('name="csrf" value="')[2][:64]


def test_each_step_is_displayed_with_its_status(sandbox: Sandbox) -> None:
    person = connected(sandbox)
    assert person.page.url.path.startswith(f"{DEMO}/runs/")
    assert "Connected" in person.page.text
    assert [title for title, _ in steps_of(person)] == STEPS
    assert {status for _, status in steps_of(person)} == {"200", "303"}
    assert "Usage by day" in person.page.text
    assert person.page.text.count("data-copy") == len(STEPS)


def test_the_home_page_starts_the_demo(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/").sends("/begin").sends("consent", decision="approve")
    assert "Connected" in person.page.text


@pytest.mark.parametrize(
    "client", ["DEMOUTILITY_ccccccccc", "DEMOUTILITY_livelive1", "DEMOUTILITY_publicapp"]
)
def test_the_demo_works_with_any_client(sandbox: Sandbox, third: Third, client: str) -> None:
    assert "Connected" in connected(sandbox, client_id=client).page.text
    (sent,) = [entry for entry in exchanges(third) if entry["path"].endswith("/token")]
    complete = third.http.get(f"/_mock/exchanges/{sent['id']}").json()["request"]
    headers = dict(complete["headers"])
    assert ("authorization" in headers) == (client != "DEMOUTILITY_publicapp")
    assert "code_verifier=" in complete["body"]
    assert "client_secret" not in complete["body"]


def exchanges(third: Third, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = third.http.get("/_mock/exchanges", params=query).json()["exchanges"]
    return found


def test_the_authorize_request_has_state_challenge_and_encoded_scope(sandbox: Sandbox, third: Third) -> None:
    begun(sandbox, way="address", fb=["4", "16"])
    (sent,) = exchanges(third, path="*/authorize")
    query = parse_qs(sent["query"])
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) == 64
    assert len(query["code_challenge"][0]) == 43
    scope = "FB=4_16;AdditionalScope=auth-address-111%20ANYWHERE%20ST%2C%20ANYTOWN%2C%20NY%2012345"
    assert f"scope={quote(scope, safe='')}" in sent["query"]


def test_the_review_finds_no_problems_in_the_demo(sandbox: Sandbox, third: Third) -> None:
    person = connected(sandbox)
    for action in ("read", "refresh", "read", "end"):
        person.sends(f"/{action}")
    findings = third.http.get("/_mock/review").json()["findings"]
    assert [finding["rule"] for finding in findings] == []


def test_secrets_are_masked_unless_revealed(sandbox: Sandbox, third: Third) -> None:
    person = connected(sandbox)
    masked = person.page.text
    displayed = person.opens(str(person.page.url) + "?show=yes").page.text
    token = displayed.partition("Bearer ")[2][:64]
    assert len(token) == 64
    assert token not in masked
    assert (third.client.secret or "") not in masked
    assert third.get("/api/v2/meters", token).status_code == 200


def test_the_chart_adds_up_the_api_readings(sandbox: Sandbox, third: Third) -> None:
    person = connected(sandbox)
    meter = person.page.text.partition("Usage by day, meter ")[2].partition("<")[0]
    result = third.get(f"/api/v2/intervals?meters={meter}&limit=2", third.client.api_token or "").json()
    unit, amounts = days_of(result)
    assert (unit, len(amounts)) == ("kwh", 31)
    for day, amount in amounts:
        assert f'<td>{day}</td><td class="number">{amount}</td>' in person.page.text


@pytest.mark.parametrize(("kind", "word"), [("data.xml", "<UsagePoint"), ("data.json", '{"intervals"')])
def test_the_complete_document_is_streamed(sandbox: Sandbox, kind: str, word: str) -> None:
    person = connected(sandbox)
    complete = person.http.get(f"{person.page.url.path}/{kind}")
    assert word in complete.text
    assert len(complete.text) > 100_000
    assert person.http.get(f"{person.page.url.path}/data.csv").status_code == 404


def test_refresh_replaces_the_tokens_and_reading_still_works(sandbox: Sandbox) -> None:
    person = connected(sandbox)
    before = person.facts()["access_token"]
    person.sends("/refresh")
    assert steps_of(person)[-1] == ("Refresh", "200")
    assert person.facts()["access_token"] != before
    assert [status for _, status in steps_of(person.sends("/read"))[-3:]] == ["200"] * 3


def test_reading_with_revoked_tokens_fails_with_the_reason(sandbox: Sandbox, third: Third) -> None:
    person = connected(sandbox).sends("/revoke")
    assert steps_of(person)[-1] == ("Revoke the tokens", "200")
    person.sends("/read")
    assert steps_of(person)[-2:] == [("Batch read", "401"), ("JSON API: meters", "401")]
    assert "its client revoked it" in unescape(person.page.text)
    assert "A step failed" in person.page.text
    (share,) = third.get("/api/v2/authorizations", third.client.api_token or "").json()["authorizations"]
    assert share["is_expired"] is False


def test_ending_the_authorization_revokes_it_on_the_dashboard(sandbox: Sandbox, third: Third) -> None:
    person = connected(sandbox).sends("/end")
    assert steps_of(person)[-1] == ("End the authorization", "200")
    assert 'class="tag revoked"' in person.opens("/dashboard").page.text


def test_declining_is_explained(sandbox: Sandbox) -> None:
    person = begun(sandbox).sends("consent", decision="decline")
    assert "No data" in person.page.text
    assert "access_denied" in person.page.text
    assert "/errors/access_denied" in person.page.text
    assert [title for title, _ in steps_of(person)] == STEPS[:3]


def test_a_slow_batch_is_explained(sandbox: Sandbox) -> None:
    person = connected(sandbox, customer="test_slow")
    assert ("Batch read", "202") in steps_of(person)
    assert "tries again after" in person.page.text


class TestState:
    """The callback is bound to its browser and to its authorize request."""

    def test_a_callback_without_a_known_state_is_rejected(self, sandbox: Sandbox) -> None:
        person = begun(sandbox)
        assert person.opens(f"{DEMO}/redirect?code=x").page.status_code == 400
        assert person.opens(f"{DEMO}/redirect?code=x&state=made-up").page.status_code == 404
        assert "has no run with this state" in person.page.text

    def test_a_callback_in_another_browser_is_rejected(self, sandbox: Sandbox, third: Third) -> None:
        person = connected(sandbox)
        state = parse_qs(exchanges(third, path="*/authorize")[0]["query"])["state"][0]
        other = Person.opening(sandbox, f"{DEMO}/redirect?code=x&state={state}")
        assert other.page.status_code == 403
        assert other.opens(str(person.page.url)).page.status_code == 403
        assert "another browser" in other.page.text

    def test_a_state_works_once(self, sandbox: Sandbox, third: Third) -> None:
        person = connected(sandbox)
        state = parse_qs(exchanges(third, path="*/authorize")[0]["query"])["state"][0]
        person.opens(f"{DEMO}/redirect?code=another&state={state}")
        assert person.page.status_code == 400
        assert "was already used" in person.page.text
        assert len(exchanges(third, path="*/token")) == 1

    def test_reloading_the_callback_redirects_to_the_same_page(self, sandbox: Sandbox) -> None:
        person = begun(sandbox)
        state = parse_qs(
            person.http.get("/_mock/exchanges?path=*/authorize").json()["exchanges"][0]["query"]
        )["state"]
        back = f"{DEMO}/redirect?error=access_denied&state={state[0]}"
        first = str(person.opens(back).page.url)
        assert str(person.opens(back).page.url) == first
        assert "No data" in person.page.text

    def test_the_final_url_has_no_code(self, sandbox: Sandbox) -> None:
        assert connected(sandbox).page.url.query == b""

    @pytest.mark.parametrize("action", ["refresh", "read", "revoke", "end"])
    def test_forms_need_a_valid_token(self, sandbox: Sandbox, action: str) -> None:
        person = connected(sandbox)
        assert person.http.post(f"{person.page.url.path}/{action}").status_code == 403
        assert person.http.post(f"{DEMO}/begin").status_code == 403

    def test_a_run_is_stored_encrypted(self, sandbox: Sandbox, third: Third) -> None:
        person = connected(sandbox)
        displayed = person.opens(str(person.page.url) + "?show=yes").page.text
        token = displayed.partition("Bearer ")[2][:64]
        with sandbox.store.reading() as transaction:
            (stored,) = transaction.demo_runs.list()
        assert token not in stored.sealed
        assert stored.id == str(person.page.url.path).rpartition("/")[2]
        assert unseal(stored.sealed, "another browser") is None


class TestScenario:
    """The form builds URLs for the developer's own app, and the calls that set clock and fault."""

    def test_a_scenario_is_displayed_as_a_url_encoded_and_decoded(self, sandbox: Sandbox) -> None:
        query = "?client_id=DEMOUTILITY_ccccccccc&way=phone&customer=test_commercial&fb=4&fb=15&noedit=yes"
        query += "&redirect_uri=http://127.0.0.1:5000/callback"
        page = unescape(Person.opening(sandbox, DEMO + query).page.text)
        scope = "FB=4_15;AdditionalScope=noedit_auth-phone-+22222222222"
        assert f"<code>{scope}</code>" in page
        assert f"scope={quote(scope, safe='')}&" in page
        assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcallback" in page
        assert "15: Usage summary" in page

    def test_fault_and_clock_are_displayed_as_calls(self, sandbox: Sandbox, third: Third) -> None:
        page = Person.opening(sandbox, f"{DEMO}?preset=flaky&clock=2026-05-01T08:00").page.text
        assert """-d '{"preset": "flaky"}'""" in unescape(page)
        assert """-d '{"now": "2026-05-01T08:00:00Z"}'""" in unescape(page)
        assert third.http.get("/_mock/faults").json() == {"faults": []}

    def test_starting_sets_the_fault_and_the_clock_first(self, sandbox: Sandbox, third: Third) -> None:
        person = begun(sandbox, preset="maintenance", clock="2026-05-01T08:00")
        assert third.http.get("/_mock/clock").json()["now"] == "2026-05-01T08:00:00Z"
        assert "A step failed" not in person.page.text or steps_of(person)[-1][1] == "503"

    def test_naming_a_sandbox_opens_the_form_in_that_sandbox(self, sandbox: Sandbox) -> None:
        person = Person.opening(sandbox, f"{DEMO}?sandbox=mine&customer=test_residential")
        assert person.page.url.path == f"/~mine{DEMO}"
        person.sends("/begin").sends("consent", decision="approve")
        assert person.page.url.path.startswith(f"/~mine{DEMO}/runs/")
        assert "Connected" in person.page.text
        assert Person.opening(sandbox, f"{DEMO}?sandbox=../x").page.status_code == 400

    @pytest.mark.parametrize("wrong", ["clock=x", "preset=x", "client_id=x", "way=email&value=%09"])
    def test_invalid_values_are_reported_in_the_form(self, sandbox: Sandbox, wrong: str) -> None:
        person = Person.opening(sandbox, f"{DEMO}?{wrong}")
        assert person.page.status_code == 422
        assert 'class="notice error"' in person.page.text


class TestLocked:
    """The demo with the control API off."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "control": "off"})

    def test_the_demo_cannot_arm_a_fault(self, sandbox: Sandbox) -> None:
        person = begun(sandbox, preset="flaky")
        assert steps_of(person) == [("Arm the fault", "403")]
        assert "The control API is off" in person.page.text


def sent(transport: httpx.AsyncBaseTransport, url: str) -> Step:
    """The step of a request to a URL."""

    async def send() -> Step:
        async with DemoHttpClient("http://localhost:8000", transport) as outside:
            return (await outside.send("title", "says", "GET", url))[0]

    return asyncio.run(send())


def test_the_demo_does_not_call_other_servers() -> None:
    def unexpected(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    assert sent(httpx.MockTransport(unexpected), "http://localhost:8000.evil.example/Batch").trouble


def test_a_broken_connection_is_a_step_without_a_response() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    step = sent(httpx.MockTransport(broken), "http://localhost:8000/Batch")
    assert (step.status, step.is_fine) == (None, False)
    assert "broke" in (step.trouble or "")


def test_only_its_own_browser_can_decrypt_a_run() -> None:
    run = Run(
        id=run_id("s"),
        state="s",
        verifier="v",
        client_id="c",
        client_secret=None,
        redirect_uri="r",
        scope="FB=4",
    )
    assert unseal(seal(run, "one"), "one") == run
    assert unseal(seal(run, "one"), "other") is None


@pytest.mark.parametrize(
    "result",
    [{}, [], {"a": []}, {"a": [1, -2.5, None], "b": {"c": 'x, {y: [z]} \\ " é'}}, [{"a": True}, {"b": {}}]],
    ids=str,
)
def test_json_is_indented_even_if_it_is_cut_off(result: Any) -> None:
    complete = json.dumps(result, ensure_ascii=False)
    displayed = json.dumps(result, ensure_ascii=False, indent=2)
    assert _indented(complete) == displayed
    for length in range(1, len(complete)):
        beginning = _indented(complete[:length])
        assert "".join(beginning.split()) == "".join(complete[:length].split())
