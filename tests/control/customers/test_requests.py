"""The control API completes pending authorize requests and lists authorizations."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support import CALLBACK, SCOPE, Third

SSO = "FB=4_16"


def begin(third: Third, scope: str = SSO, **query: str) -> str:
    """Send an authorize request as a browser does; returns the id of the pending request."""
    requested = {
        "response_type": "code",
        "client_id": third.client_id,
        "redirect_uri": CALLBACK,
        "state": "a%20b",
    }
    answer = third.http.get("/oauth/authorize", params={**requested, "scope": scope, **query})
    assert answer.status_code == 303
    return third.http.get("/_mock/requests").json()["requests"][0]["id"]


def test_a_pending_request_is_approved(third: Third) -> None:
    waiting = begin(third)
    (listed,) = third.http.get("/_mock/requests").json()["requests"]
    assert (listed["client_id"], listed["step"], listed["customer"]) == (third.client_id, "sign_in", None)
    answer = third.http.post(f"/_mock/requests/{waiting}/approve", json={"customer": "test_commercial"})
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert result["authorization"]["customer"] == "test_commercial"
    assert result["location"] == f"{CALLBACK}?code={result['code']}&state=a%2520b"
    body = {"grant_type": "authorization_code", "code": result["code"], "redirect_uri": CALLBACK}
    tokens = third.http.post("/oauth/token", data=body, auth=(third.client.id, third.client.secret))
    assert tokens.status_code == 200
    assert third.http.get("/_mock/requests").json() == {"requests": []}
    assert third.http.post(f"/_mock/requests/{waiting}/approve").status_code == 404


def test_the_scope_can_identify_the_customer_who_approves(third: Third) -> None:
    waiting = begin(third, SCOPE)
    result = third.http.post(f"/_mock/requests/{waiting}/approve").json()
    assert result["authorization"]["customer"] == "test_residential"


def test_an_approval_requires_a_customer(third: Third) -> None:
    answer = third.http.post(f"/_mock/requests/{begin(third)}/approve")
    assert answer.status_code == 400
    assert "`customer`" in answer.json()["error_description"]


def test_a_pending_request_is_declined(third: Third) -> None:
    result = third.http.post(f"/_mock/requests/{begin(third)}/decline").json()
    assert (result["authorization"], result["code"]) == (None, None)
    query = parse_qs(urlsplit(result["location"]).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["a%20b"])


def test_an_authorization_can_be_declined_without_a_browser(third: Third) -> None:
    body = {"scope": SCOPE, "decision": "decline", "redirect_uri": CALLBACK, "state": "s"}
    answer = third.http.post("/_mock/authorizations", json=body)
    assert answer.status_code == 201
    assert answer.json()["location"].startswith(f"{CALLBACK}?error=access_denied")
    assert third.http.get("/_mock/authorizations").json() == {"authorizations": []}


def test_an_old_request_is_no_longer_pending(third: Third) -> None:
    begin(third)
    third.http.post("/_mock/clock/advance", json={"by": "61m"})
    assert third.http.get("/_mock/requests").json() == {"requests": []}


@pytest.mark.parametrize(
    ("query", "uids"),
    [
        ({}, ["500002", "500001"]),
        ({"customer": "test_residential"}, ["500001"]),
        ({"status": "revoked"}, ["500001"]),
        ({"status": "active"}, ["500002"]),
        ({"client_id": "nobody"}, []),
    ],
)
def test_authorizations_are_listed(third: Third, query: dict[str, str], uids: list[str]) -> None:
    third.approval()
    third.approval("test_commercial")
    third.http.post("/_mock/authorizations/500001/revoke")
    found = third.http.get("/_mock/authorizations", params=query).json()["authorizations"]
    assert [one["uid"] for one in found] == uids
    one = third.http.get("/_mock/authorizations/500001").json()["authorization"]
    assert (one["customer"], one["status"], len(one["meters"])) == ("test_residential", "revoked", 3)


def test_an_unknown_authorization_is_not_found(http: httpx.Client) -> None:
    assert http.get("/_mock/authorizations/7").status_code == 404
