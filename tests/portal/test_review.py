"""Review: the utility approves a client, then the client's people can switch it to live mode."""

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.portal.people import ANSWERS, Person

CLIENT = "DEMOUTILITY_ccccccccc"
ANYBODY, TEST = (
    "FB=4_16;AdditionalScope=auth-test-real_customer",
    "FB=4_16;AdditionalScope=auth-test-test_solar",
)


def connect(http: httpx.Client, client_id: str, scope: str) -> httpx.Response:
    http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    return http.get(
        "/DataCustodian/oauth/authorize",
        params={
            "response_type": "code",
            "client_id": client_id,
            "scope": scope,
            "redirect_uri": "http://localhost:8000/DataCustodian/thirdparty-demo/redirect",
        },
    )


def outcome(answer: httpx.Response) -> str:
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"]).partition("?")[2].partition("&")[0].partition("=")[2]


def test_from_registration_to_live(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    client_id = person.facts()["Client id"]
    assert outcome(connect(person.http, client_id, ANYBODY)) == "unauthorized_client"
    assert len(outcome(connect(person.http, client_id, TEST))) == 64

    person.opens("/settings")
    assert "Go live" not in person.page.text
    utility = Person.opening(sandbox, "/_mock/registrations")
    assert utility.page.text.index("Analytical Engines") < utility.page.text.index("Live Company")
    utility.sends(f"/{client_id}/approve")
    assert utility.page.url.path == "/_mock/registrations"
    assert f"/{client_id}/approve" not in utility.page.text
    mail = person.http.get("/_mock/messages", params={"to": ANSWERS["email"]}).json()["messages"][0]
    assert "approved" in mail["subject"]
    assert "http://localhost:8000/settings" in mail["body"]
    assert outcome(connect(person.http, client_id, ANYBODY)) == "unauthorized_client"

    person.opens("/settings").sends("settings/mode", mode="live")
    assert "You are in live mode" in person.page.text
    assert len(outcome(connect(person.http, client_id, ANYBODY))) == 64
    person.sends("settings/mode", mode="sandbox")
    assert outcome(connect(person.http, client_id, ANYBODY)) == "unauthorized_client"


def test_a_client_cannot_go_live_without_approval(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    client_id = person.facts()["Client id"]
    person.opens("/settings").sends("settings/addresses")
    csrf = person.page.text.partition('name="csrf" value="')[2][:64]
    answer = person.http.post("/settings/mode", data={"csrf": csrf, "mode": "live"})
    assert answer.status_code == 422
    assert "has not approved" in answer.text
    assert outcome(connect(person.http, client_id, ANYBODY)) == "unauthorized_client"


def test_the_control_api_creates_approves_and_switches_clients(http: httpx.Client) -> None:
    made = http.post(
        "/_mock/clients", json={"company_name": "Own", "redirect_uris": ["http://localhost:9/cb"]}
    )
    assert made.status_code == 201
    client = made.json()["client"]
    assert made.json()["approved"] is None
    assert client in http.get("/_mock/clients").json()["clients"]
    assert client["mode"] == "sandbox"
    body = {"client_id": client["client_id"], "scope": TEST, "redirect_uri": "http://localhost:9/cb"}
    authorized = http.post("/_mock/authorizations", json=body)
    assert authorized.json()["location"].startswith("http://localhost:9/cb?code=")

    path = f"/_mock/clients/{client['client_id']}"
    answer = http.post(f"{path}/approve").json()
    approved = answer["client"]
    assert (approved["mode"], answer["approved"]) == ("sandbox", "2026-03-15T16:00:00Z")
    http.post(f"{path}/approve")
    assert len(http.get("/_mock/messages").json()["messages"]) == 2  # the receipt, and one approval
    live = http.post(f"{path}/mode", json={"mode": "live"}).json()["client"]
    assert live == {**approved, "mode": "live"}
    allowed = http.post("/_mock/authorizations", json={"client_id": client["client_id"], "scope": ANYBODY})
    assert allowed.status_code == 201


def test_switching_to_live_over_the_control_api_also_approves(http: httpx.Client) -> None:
    answer = http.post(f"/_mock/clients/{CLIENT}/mode", json={"mode": "live"}).json()
    live = answer["client"]
    assert live["mode"] == "live"
    assert answer["approved"]
    sandbox = http.post(f"/_mock/clients/{CLIENT}/mode", json={"mode": "sandbox"}).json()["client"]
    assert sandbox == {**live, "mode": "sandbox"}


def test_invalid_values_for_a_new_client_are_rejected(http: httpx.Client) -> None:
    assert http.post("/_mock/clients", json={"client_id": CLIENT}).status_code == 409
    for wrong in (
        {"mode": "real"},
        {"website": "x"},
        {"scope": "nothing"},
        {"redirect_uris": [""]},
        {"x": 1},
    ):
        assert http.post("/_mock/clients", json=wrong).status_code == 400, wrong
    for path in ("approve", "mode"):
        answer = http.post(f"/_mock/clients/nobody/{path}", json={"mode": "live"})
        assert answer.status_code == 404


@pytest.mark.parametrize("body", [{"mode": "live"}, {"is_public": True}, {"client_secret": "a" * 32}])
def test_a_new_client_has_the_requested_values(http: httpx.Client, body: dict) -> None:
    made = http.post("/_mock/clients", json=body).json()
    client = made["client"]
    if "client_secret" in body:
        assert client["client_secret"] == "a" * 32
    if "is_public" in body:
        assert client["client_secret"] is None
    if "mode" in body:
        assert made["approved"]


def test_the_review_page_lets_browsers_send_the_origin_of_its_form(sandbox: Sandbox) -> None:
    """With no-referrer, browsers would send `Origin: null`, as a hostile page can, and be rejected."""
    utility = Person.opening(sandbox, "/_mock/registrations")
    assert utility.page.headers["referrer-policy"] == "same-origin"
    csrf = utility.page.text.partition('name="csrf" value="')[2][:64]
    for origin, status in (("null", 403), ("http://localhost:8000", 303)):
        answer = utility.http.post(
            f"/_mock/registrations/{CLIENT}/approve", data={"csrf": csrf}, headers={"Origin": origin}
        )
        assert answer.status_code == status
