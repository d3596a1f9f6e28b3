"""The control API: the shapes that other test suites rely on, and access."""

from typing import Any

import httpx
import pytest

from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.support import CALLBACK, Third

TEST_SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_commercial"


def test_health_is_ok(http: httpx.Client) -> None:
    answer = http.get("/_mock/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_clients_are_listed_with_their_secrets_default_client_first(http: httpx.Client) -> None:
    clients = http.get("/_mock/clients").json()["clients"]
    assert [client["client_id"] for client in clients] == [
        "DEMOUTILITY_ccccccccc",
        "DEMOUTILITY_livelive1",
        "DEMOUTILITY_publicapp",
    ]
    assert set(clients[0]) == {
        "client_id",
        "client_secret",
        "company_name",
        "mode",
        "redirect_uris",
        "api_token",
        "registration_access_token",
        "webhook_secret",
        "notify_uri",
    }
    assert clients[0]["company_name"] == "Test Company"
    assert clients[0]["redirect_uris"] == ["http://localhost:8000/DataCustodian/thirdparty-demo/redirect"]
    assert (clients[1]["mode"], clients[2]["client_secret"]) == ("live", None)


def test_an_authorization_is_created_without_a_browser(http: httpx.Client) -> None:
    body = {"scope": TEST_SCOPE, "redirect_uri": CALLBACK, "state": "a b"}
    answer = http.post("/_mock/authorizations", json=body)
    made = answer.json()
    assert answer.status_code == 201
    assert made["authorization"]["customer"] == "test_commercial"
    assert len(made["authorization"]["meters"]) == 5
    assert made["location"] == f"{CALLBACK}?code={made['code']}&state=a+b"
    assert made["tokens"] is None


def test_with_exchange_the_code_is_redeemed_for_tokens(third: Third) -> None:
    made = third.http.post("/_mock/authorizations", json={"scope": TEST_SCOPE, "exchange": True}).json()
    assert made["code"] is None
    token = made["tokens"]["access_token"]
    assert third.get("/api/v2/meters", token).status_code == 200


def test_the_customer_can_be_sent_without_a_scope(http: httpx.Client) -> None:
    made = http.post("/_mock/authorizations", json={"customer": "test_residential"}).json()
    assert made["authorization"]["customer"] == "test_residential"
    assert made["location"] is None


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({}, 400, "does not identify a customer"),
        ({"customer": "nobody"}, 400, "test_residential"),
        ({"customer": "real_customer"}, 400, "sandbox mode"),
        ({"customer": "test_empty"}, 403, "no eligible account"),
        ({"customer": "test_residential", "scope": "FB="}, 400, "FB"),
        ({"customer": "test_residential", "client_id": "nobody"}, 401, "nobody"),
        ({"customer": "test_residential", "redirect_uri": "https://evil.example/"}, 403, "not registered"),
        ({"customer": "test_residential", "colour": "blue"}, 400, "colour"),
        ({"customer": 7}, 400, "customer"),
        ([], 400, "body"),
    ],
)
def test_the_same_checks_run_as_in_the_browser(http: httpx.Client, body: Any, status: int, word: str) -> None:
    answer = http.post("/_mock/authorizations", json=body)
    assert answer.status_code == status
    assert word in answer.json()["error_description"]


def test_a_real_customer_can_authorize_a_live_client(http: httpx.Client) -> None:
    body = {"customer": "real_customer", "client_id": "DEMOUTILITY_livelive1"}
    assert http.post("/_mock/authorizations", json=body).status_code == 201


@pytest.mark.parametrize("verb", ["revoke", "expire"])
def test_an_authorization_is_ended(third: Third, verb: str) -> None:
    issued = third.tokens()
    answer = third.http.post(f"/_mock/authorizations/{issued.authorization.uid}/{verb}")
    assert answer.status_code == 200
    assert answer.json()["authorization"]["status"] == f"{verb.removesuffix('e')}ed"
    read = third.get("/DataCustodian/espi/1_1/resource/Batch/Subscription/500001", issued.access_token)
    assert read.status_code == (403 if verb == "revoke" else 401)


@pytest.mark.parametrize("uid", ["1", "x", "99999999999999999999999", "-1"])
def test_an_unknown_authorization_is_404(http: httpx.Client, uid: str) -> None:
    assert http.post(f"/_mock/authorizations/{uid}/revoke").status_code == 404
    assert http.post(f"/_mock/authorizations/{uid}/expire").status_code == 404


def test_the_clock_is_set_frozen_and_advanced(http: httpx.Client) -> None:
    assert http.put("/_mock/clock", json={"now": "2026-01-31T12:00:00Z", "frozen": True}).json() == {
        "now": "2026-01-31T12:00:00Z",
        "frozen": True,
    }
    assert http.post("/_mock/clock/advance", json={"by": "P40D"}).json()["now"] == "2026-03-12T12:00:00Z"
    assert http.get("/_mock/clock").json() == {"now": "2026-03-12T12:00:00Z", "frozen": True}
    assert http.put("/_mock/clock", json={"frozen": False}).json()["frozen"] is False


@pytest.mark.parametrize("by", ["-P1D", "soon", "P9999999D", 1e300, None])
def test_an_impossible_advance_is_refused(http: httpx.Client, by: Any) -> None:
    answer = http.post("/_mock/clock/advance", json={"by": by})
    assert answer.status_code == 400
    assert answer.json()["error_description"]


def test_messages_are_listed_newest_first_and_by_recipient(third: Third) -> None:
    third.approval("test_residential")
    third.approval("test_commercial")
    messages = third.http.get("/_mock/messages").json()["messages"]
    assert [message["to"] for message in messages] == [
        "acmecorp@example.com",
        "heather.homeowner@example.com",
    ]
    own = third.http.get("/_mock/messages", params={"to": "acmecorp@example.com"}).json()["messages"]
    assert len(own) == 1
    assert set(own[0]) == {"to", "channel", "subject", "body", "code", "at"}


def test_reset_goes_back_to_the_fixtures(third: Third) -> None:
    issued = third.tokens()
    third.http.put("/_mock/clock", json={"now": "2030-01-01T00:00:00Z"})
    assert third.http.post("/_mock/reset").status_code == 204
    assert third.http.get("/_mock/messages").json() == {"messages": []}
    assert third.http.get("/_mock/clock").json()["now"].startswith("2026-03-15")
    assert third.get("/api/v2/meters", issued.access_token).status_code == 401
    assert third.tokens().authorization.uid == issued.authorization.uid


AUTHORIZE = {
    "response_type": "code",
    "client_id": "DEMOUTILITY_ccccccccc",
    "redirect_uri": CALLBACK,
    "scope": TEST_SCOPE,
    "state": "s",
}


def test_auto_approval_completes_the_given_number_of_requests(http: httpx.Client) -> None:
    assert http.post("/_mock/auto-approve", json={"enabled": True, "times": 1}).status_code == 200
    first = http.get("/oauth/authorize", params=AUTHORIZE)
    assert first.status_code == 302
    assert first.headers["location"].startswith(f"{CALLBACK}?code=")
    assert first.headers["location"].endswith("&state=s")
    assert http.get("/oauth/authorize", params=AUTHORIZE).status_code == 303


def test_auto_approval_can_decline(http: httpx.Client) -> None:
    http.post("/_mock/auto-approve", json={"enabled": True, "decision": "decline"})
    answer = http.get("/oauth/authorize", params=AUTHORIZE)
    assert "error=access_denied" in answer.headers["location"]


def test_auto_approval_waits_for_a_scope_that_names_the_customer(http: httpx.Client) -> None:
    http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    unnamed = http.get("/oauth/authorize", params={**AUTHORIZE, "scope": "FB=4"})
    assert unnamed.status_code == 303
    assert http.get("/oauth/authorize", params=AUTHORIZE).status_code == 302


@pytest.mark.parametrize(
    "way",
    [
        "account-111111111-1",
        "phone-1 (111) 111-1111",
        "email-HEATHER.homeowner%40example.com",
        "lastbill-111111111-1",
    ],
)
def test_auto_approval_works_for_every_way_with_a_value(http: httpx.Client, way: str) -> None:
    http.post("/_mock/auto-approve", json={"enabled": True})
    answer = http.get("/oauth/authorize", params={**AUTHORIZE, "scope": f"FB=4;AdditionalScope=auth-{way}"})
    assert answer.status_code == 302
    assert "code=" in answer.headers["location"]


def test_auto_approval_runs_the_same_checks(http: httpx.Client) -> None:
    http.post("/_mock/auto-approve", json={"enabled": True})
    scope = "FB=4;AdditionalScope=auth-test-real_customer"
    answer = http.get("/oauth/authorize", params={**AUTHORIZE, "scope": scope})
    assert "error=unauthorized_client" in answer.headers["location"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_pages_of_other_sites_are_refused(http: httpx.Client, headers: dict[str, str]) -> None:
    answer = http.post("/_mock/reset", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error"] == "forbidden"


@pytest.mark.parametrize(
    "headers", [{"Host": "127.0.0.1:1"}, {"Host": "[::1]:8000"}, {"Origin": "http://localhost:3000"}]
)
def test_programs_on_this_machine_are_accepted(http: httpx.Client, headers: dict[str, str]) -> None:
    assert http.post("/_mock/reset", headers=headers).status_code == 204


class TestWithAToken:
    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"control": "token", "control_token": "a-control-token"})

    def test_every_call_but_health_requires_the_token(self, http: httpx.Client) -> None:
        assert http.get("/_mock/health").status_code == 200
        refused = http.get("/_mock/clients")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        wrong = http.get("/_mock/clients", headers={"Authorization": "Bearer a-control-tokex"})
        assert wrong.status_code == 401
        right = http.get("/_mock/clients", headers={"Authorization": "Bearer a-control-token"})
        assert right.status_code == 200


class TestOff:
    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"host": "0.0.0.0"})

    def test_on_all_addresses_it_is_off_unless_a_setting_opens_it(
        self, sandbox: Sandbox, http: httpx.Client
    ) -> None:
        assert sandbox.settings.control_access == "off"
        assert http.get("/_mock/health").status_code == 200
        answer = http.get("/_mock/clients")
        assert answer.status_code == 403
        assert "MOCK_SERVER_CONTROL" in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "authorizations",
            r'{"scope": "FB=4;AdditionalScope=auth-test-test_residential", "state": "\ud800"}',
        ),
        ("faults", r'{"effect": {"status": 503, "body": "\ud800"}}'),
        ("faults", r'{"match": {"path": "/\udfff"}, "effect": {"status": 503}}'),
        ("payments", r'{"owes": true, "client_id": "\u0000"}'),
        ("customers/test_residential/exchange-meter", r'{"serial": "\uDABC"}'),
        ("webhooks", r'{"url": "http://127.0.0.1:9/", "\ud800": 1}'),
    ],
)
def test_text_that_cannot_be_stored_is_refused(http: httpx.Client, path: str, body: str) -> None:
    answer = http.post(f"/_mock/{path}", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_param")
    assert "surrogate" in answer.json()["error_description"]


def test_surrogate_pairs_and_escaped_backslashes_are_stored(http: httpx.Client) -> None:
    body = r'{"id": "emoji", "name": "\ud83d\ude00 \\ud800"}'
    answer = http.post("/_mock/customers", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text


def test_unset_particulars_of_a_new_client_stay_unset(third: Third) -> None:
    redirect_uri = "https://app.example/callback"
    assert third.http.post("/_mock/clients", json={"redirect_uris": [redirect_uri]}).status_code == 201
    with third.sandbox.reading() as transaction:
        (made,) = (one for one in transaction.clients.list() if one.redirect_uris == (redirect_uri,))
    found = {name: value for name, value in vars(made.particulars).items() if value is not None}
    assert found == {"further_contacts": ()}
