"""The console: access to its pages, their content and their forms. The API beside it returns JSON to browsers too."""

from html import unescape
from typing import Any

import pytest

from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.journeys.forms import forms_of, send
from tests.portal.people import Person
from tests.support import SCOPE, Third

PAGES = ("accounts", "clients", "exchanges", "messages", "clock", "faults", "review")
TOKEN = "a-token-for-control"


class TestOpen:
    """Without a token, on the developer's own machine."""

    @pytest.mark.parametrize("name", PAGES)
    def test_every_page_links_to_every_other(self, sandbox: Sandbox, name: str) -> None:
        person = Person.opening(sandbox, f"/_mock/console/{name}")
        assert person.page.status_code == 200
        assert all(f'href="/_mock/console/{other}"' in person.page.text for other in PAGES)
        assert person.page.text.count('aria-current="page"') == 1

    @pytest.mark.parametrize("path", ["/_mock", "/_mock/", "/_mock/console", "/_mock/console/key"])
    def test_short_urls_redirect_to_the_accounts(self, sandbox: Sandbox, path: str) -> None:
        assert Person.opening(sandbox, path).page.url.path == "/_mock/console/accounts"

    @pytest.mark.parametrize("accept", ["*/*", "text/html"])
    @pytest.mark.parametrize("name", ["clients", "messages", "exchanges", "clock", "faults", "customers"])
    def test_the_api_returns_json_to_browsers_too(self, third: Third, name: str, accept: str) -> None:
        answer = third.http.get(f"/_mock/{name}", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"

    def test_the_accounts_page_has_all_sign_in_values(self, third: Third) -> None:
        page = third.http.get("/_mock/console/accounts").text
        for customer in third.http.get("/_mock/customers").json()["customers"]:
            for field in ("id", "password", "phone", "email"):
                assert f"<code>{customer[field]}</code>" in page
            assert f"thirdparty-demo?customer={customer['id']}" in page

    def test_clients_are_approved_and_switched(self, sandbox: Sandbox, third: Third) -> None:
        client = third.http.post("/_mock/clients", json={}).json()["client"]["client_id"]
        person = Person.opening(sandbox, "/_mock/console/clients")
        person.sends(f"{client}/approve")
        assert f"{client}/approve" not in person.page.text
        assert "is approved" in third.http.get("/_mock/messages").json()["messages"][0]["subject"]
        for mode in ("live", "sandbox"):
            person.sends(f"{client}/mode", mode=mode)
            clients = third.http.get("/_mock/clients").json()["clients"]
            assert {one["client_id"]: one["mode"] for one in clients}[client] == mode

    def test_a_request_log_entry_has_a_page_with_the_description_of_its_error(
        self, sandbox: Sandbox, third: Third
    ) -> None:
        sent = {"grant_type": "authorization_code", "code": "nothing"}
        answer = third.http.post("/oauth/token", data=sent, auth=(third.client.id, third.client.secret or ""))
        person = Person.opening(sandbox, "/_mock/console/exchanges?status=4xx")
        path = f"/_mock/console/exchanges/{answer.headers['x-request-id']}"
        assert path in person.page.text
        page = person.opens(path).page.text
        assert answer.json()["error_description"] in unescape(page)
        assert "/errors/invalid_grant" in page
        assert "curl -i -X POST http://localhost:8000/oauth/token" in page
        assert (third.client.secret or "") not in page

    def test_the_page_has_the_description_of_an_error_sent_by_redirect(
        self, sandbox: Sandbox, third: Third
    ) -> None:
        query = {"response_type": "code", "client_id": third.client.id, "scope": "nonsense"}
        callback = {"redirect_uri": "http://127.0.0.1:5000/callback"}
        answer = third.http.get("/oauth/authorize", params={**query, **callback})
        path = f"/_mock/console/exchanges/{answer.headers['x-request-id']}"
        assert (
            "Write each part as Name=Value"
            in Person.opening(sandbox, path).page.text.partition("invalid_scope</h2>")[2][:200]
        )

    def test_the_request_log_is_filtered_and_cleared(self, sandbox: Sandbox, third: Third) -> None:
        third.http.get("/api/v2/meters")
        third.http.get("/oauth/authorize")
        person = Person.opening(sandbox, "/_mock/console/exchanges?path=/api/*")
        assert "/api/v2/meters</a>" in person.page.text
        assert "/oauth/authorize</a>" not in person.page.text
        person.sends("exchanges/clear")
        assert "No requests yet." in person.page.text
        assert Person.opening(sandbox, "/_mock/console/exchanges?status=9").page.status_code == 400

    def test_messages_have_clickable_links(self, sandbox: Sandbox, third: Third) -> None:
        third.http.post("/_mock/authorizations", json={"scope": SCOPE})
        page = Person.opening(sandbox, "/_mock/console/messages").page.text
        assert 'href="http://localhost:8000/my-authorizations"' in page
        assert "No messages yet" in Person.opening(sandbox, "/_mock/console/messages?to=x").page.text

    @pytest.mark.parametrize(
        ("values", "now", "frozen"),
        [
            ({"step": "hour"}, "2026-03-15T17:00:00Z", False),
            ({"step": "day"}, "2026-03-16T16:00:00Z", False),
            ({"step": "month"}, "2026-04-14T16:00:00Z", False),
            ({"frozen": "yes"}, "2026-03-15T16:00:00Z", True),
            ({"now": "2026-05-01T08:30:00"}, "2026-05-01T08:30:00Z", False),
        ],
    )
    def test_the_clock_moves(
        self, sandbox: Sandbox, third: Third, values: dict[str, Any], now: str, frozen: bool
    ) -> None:
        Person.opening(sandbox, "/_mock/console/clock").sends("console/clock", **values)
        assert third.http.get("/_mock/clock").json() == {"now": now, "frozen": frozen}

    def test_the_clock_goes_back_to_real_time(self, sandbox: Sandbox, third: Third) -> None:
        third.http.put("/_mock/clock", json={"now": "2027-01-01T00:00:00Z", "frozen": True})
        Person.opening(sandbox, "/_mock/console/clock").sends("console/clock", real="yes")
        assert third.http.get("/_mock/clock").json() == {"now": "2026-03-15T16:00:00Z", "frozen": False}

    @pytest.mark.parametrize("values", [{"step": "year"}, {"now": "tomorrow"}, {"now": "1999-01-01T00:00"}])
    def test_an_invalid_clock_setting_is_refused(self, sandbox: Sandbox, values: dict[str, Any]) -> None:
        person = Person.opening(sandbox, "/_mock/console/clock")
        csrf = person.page.text.partition('name="csrf" value="')[2][:64]
        assert person.http.post("/_mock/console/clock", data={"csrf": csrf, **values}).status_code == 400

    def test_faults_are_armed_and_disarmed(self, sandbox: Sandbox, third: Third) -> None:
        def armed() -> int:
            return len(third.http.get("/_mock/faults").json()["faults"])

        person = Person.opening(sandbox, "/_mock/console/faults")
        person.sends("faults/arm", preset="maintenance")
        assert armed() == 3
        assert third.http.get("/api/v2/meters").status_code == 503
        person.sends("faults/disarm", fault="1")
        assert armed() == 2
        person.opens("/_mock/console/faults").sends("faults/disarm")
        assert armed() == 0

    def test_an_effect_of_zero_is_displayed(self, third: Third) -> None:
        third.http.post("/_mock/faults", json={"effect": {"truncate": 0}})
        assert "truncate 0" in third.http.get("/_mock/console/faults").text

    @pytest.mark.parametrize(
        "path",
        ["clock", "faults/arm", "faults/disarm", "exchanges/clear", "clients/x/approve", "clients/x/mode"],
    )
    def test_every_form_requires_its_csrf_token(self, third: Third, path: str) -> None:
        third.http.get("/_mock/console/clock")
        assert third.http.post(f"/_mock/console/{path}", data={"step": "day"}).status_code == 403
        assert third.http.get("/_mock/clock").json()["now"] == "2026-03-15T16:00:00Z"

    def test_pages_of_other_sites_are_refused(self, third: Third) -> None:
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            assert third.http.get("/_mock/console/clients", headers=headers).status_code == 403


class TestToken:
    """Where the control API requires a token."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "control": "token", "control_token": TOKEN})

    def test_the_token_is_entered_once(self, sandbox: Sandbox) -> None:
        person = Person.opening(sandbox, "/_mock/console/clients")
        assert person.page.url.path == "/_mock/console/key"
        person.sends("console/key", token="something else")
        assert person.page.status_code == 422
        person.sends("console/key", token=TOKEN)
        assert person.page.url.path == "/_mock/console/clients"
        assert person.opens("/_mock/console/clients").page.status_code == 200
        assert person.opens("/_mock/registrations").page.status_code == 200

    def test_the_request_log_is_downloaded_from_its_page(self, sandbox: Sandbox, third: Third) -> None:
        third.http.get("/api/v2/meters")
        person = Person.opening(sandbox, "/_mock/console/exchanges?status=4xx").sends(
            "console/key", token=TOKEN
        )
        for kind, known in (("har", '"entries"'), ("curl", "curl "), ("py", "def test")):
            assert f'href="/_mock/console/exchanges.{kind}' in person.page.text
            assert known in person.http.get(f"/_mock/console/exchanges.{kind}").text
            assert third.http.get(f"/_mock/exchanges.{kind}").status_code == 401
            typed = person.http.get(f"/_mock/exchanges.{kind}", headers={"Accept": "text/html"})
            assert typed.headers["location"] == f"/_mock/console/exchanges.{kind}"

    @pytest.mark.parametrize(
        "to", ["//evil.example/", "https://evil.example/", "/_mock/..//evil.example", "/_mock", ""]
    )
    def test_the_form_redirects_only_to_pages_of_this_server(self, sandbox: Sandbox, to: str) -> None:
        person = Person.opening(sandbox, f"/_mock/console/key?to={to}")
        person.http.follow_redirects = False
        action = next(one for one in forms_of(person.page.text) if "console/key" in one.action)
        answer = send(person.http, person.page, action, token=TOKEN)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/_mock/")

    def test_the_cookie_opens_the_console_only(self, sandbox: Sandbox) -> None:
        person = Person.opening(sandbox, "/_mock/console/key")
        csrf = person.page.text.partition('name="csrf" value="')[2][:64]
        answer = person.http.post("/_mock/console/key", data={"csrf": csrf, "token": TOKEN})
        cookie = answer.headers["set-cookie"]
        assert TOKEN not in cookie
        for attribute in ("HttpOnly", "SameSite=strict", "Path=/_mock"):
            assert attribute in cookie
        refused = person.http.get("/_mock/clients", headers={"Accept": "text/html"})
        assert refused.status_code == 401
        assert "MOCK_SERVER_CONTROL_TOKEN" in refused.json()["error_description"]
        assert person.http.post("/_mock/reset").status_code == 401
        value = cookie.partition("=")[2].partition(";")[0]
        assert (
            person.http.post("/_mock/reset", headers={"Authorization": f"Bearer {value}"}).status_code == 401
        )

    def test_the_home_page_explains_how_to_send_the_token(self, third: Third) -> None:
        assert "$MOCK_SERVER_CONTROL_TOKEN" in third.http.get("/").text

    def test_a_bearer_token_opens_the_console_too(self, third: Third) -> None:
        def status(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return third.http.get("/_mock/console/clients", headers=headers).status_code

        assert status(TOKEN) == 200
        assert status("something else") == 303

    def test_the_token_form_requires_its_csrf_token(self, third: Third) -> None:
        third.http.get("/_mock/console/key")
        assert third.http.post("/_mock/console/key", data={"token": TOKEN}).status_code == 403


class TestOff:
    """Where the control API is off."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "control": "off"})

    @pytest.mark.parametrize("name", [*PAGES, "key"])
    def test_the_pages_say_that_it_is_off(self, third: Third, name: str) -> None:
        answer = third.http.get(f"/_mock/console/{name}")
        assert answer.status_code == 403
        assert "The control API is off" in answer.text
        assert "The company that sent you here" not in answer.text

    def test_the_home_page_does_not_link_to_the_console(self, third: Third) -> None:
        page = third.http.get("/").text
        assert "/_mock" not in page
        assert "Start the demo" in page
