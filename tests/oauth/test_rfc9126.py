"""RFC 9126, pushed authorization requests, clause by clause."""

from datetime import timedelta

import httpx
import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.oauth.calls import call, is_refusal, redeem
from tests.pages.visitor import AUTHORIZE, answer_of, query
from tests.support import CALLBACK, Third

PAR = "/DataCustodian/oauth/par"


def push(third: Third, **changed: str | None) -> httpx.Response:
    return call(third, "par", **query(**changed))


def leads_to(third: Third, name: str, **changed: str) -> httpx.Response:
    """The response to a browser with a pushed request_uri; the customer approves."""
    third.http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    return third.http.get(AUTHORIZE, params={"client_id": third.client_id, "request_uri": name, **changed})


def test_2_2_the_response_has_a_request_uri_for_a_minute(third: Third) -> None:
    answer = push(third)
    result = answer.json()
    assert (answer.status_code, result["expires_in"]) == (201, 60)
    assert result["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/DataCustodian/demoutility/oauth/par", "/oauth/par"])
def test_the_other_urls_work_in_the_same_way(third: Third, path: str) -> None:
    auth = (third.client_id, third.client.secret)
    assert third.http.post(path, data=query(), auth=auth).status_code == 201


def test_4_the_request_uri_replaces_the_request(third: Third) -> None:
    result = answer_of(leads_to(third, push(third).json()["request_uri"]))
    assert result["state"] == "s/t a;te"
    assert redeem(third, result["code"]).status_code == 200


def test_4_parameters_added_by_the_browser_are_ignored(third: Third) -> None:
    name = push(third).json()["request_uri"]
    answer = leads_to(third, name, state="other", redirect_uri="https://evil.example/", scope="FB=1")
    assert answer_of(answer)["state"] == "s/t a;te"


def test_the_customers_pages_follow_as_usual(third: Third) -> None:
    name = push(third).json()["request_uri"]
    answer = third.http.get(AUTHORIZE, params={"client_id": third.client_id, "request_uri": name})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("http://localhost:8000/connect/") or answer.headers[
        "location"
    ].startswith("/connect/")


def test_4_a_request_uri_gives_one_authorization(third: Third) -> None:
    name = push(third).json()["request_uri"]
    assert leads_to(third, name).status_code == 302
    again = leads_to(third, name)
    assert (again.status_code, "location" in again.headers) == (400, False)
    assert "already used" in again.text


def test_4_a_request_uri_expires_after_a_minute(third: Third, sandbox: Sandbox) -> None:
    name = push(third).json()["request_uri"]
    sandbox.write_alone(advance_clock, timedelta(minutes=1))
    assert leads_to(third, name).status_code == 400
    assert push(third).status_code == 201


def test_4_a_request_uri_works_for_its_own_client_only(third: Third) -> None:
    name = push(third).json()["request_uri"]
    for client_id in ("DEMOUTILITY_livelive1", ""):
        answer = leads_to(third, name, client_id=client_id)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert leads_to(third, name).status_code == 302
    assert leads_to(third, "urn:ietf:params:oauth:request_uri:made-up").status_code == 400


def test_2_1_pkce_is_bound_to_the_pushed_request(third: Third) -> None:
    name = push(third, code_challenge="c" * 43, code_challenge_method="plain").json()["request_uri"]
    code = answer_of(leads_to(third, name))["code"]
    assert is_refusal(redeem(third, code), 400, "invalid_grant", "code_verifier")
    assert redeem(third, code, code_verifier="c" * 43).status_code == 200


@pytest.mark.parametrize(
    ("changed", "error", "word"),
    [
        ({"redirect_uri": "https://evil.example/"}, "invalid_request", "not registered"),
        ({"response_type": "token"}, "unsupported_response_type", "code"),
        ({"response_type": None}, "invalid_request", "response_type"),
        ({"scope": "FB=????"}, "invalid_scope", "FB"),
        ({"code_challenge": "short"}, "invalid_request", "code_challenge"),
        ({"request_uri": "urn:x"}, "invalid_request", "cannot be pushed"),
        ({"request": "e30.e30."}, "invalid_request", "request object"),
        ({"client_id": "DEMOUTILITY_livelive1"}, "invalid_request", "client_id"),
    ],
    ids=str,
)
def test_2_3_a_mistake_is_reported_when_the_request_is_pushed(
    third: Third, changed: dict[str, str | None], error: str, word: str
) -> None:
    assert is_refusal(push(third, **changed), 400, error, word)


def test_2_1_the_client_must_authenticate(third: Third) -> None:
    assert is_refusal(third.http.post(PAR, data={**query(), "client_secret": "x"}), 401, "invalid_client")
    assert third.http.get(PAR).status_code == 405


def test_2_1_a_public_client_pushes_with_its_id_only(third: Third) -> None:
    result = query(client_id="DEMOUTILITY_publicapp", scope="FB=4", redirect_uri=CALLBACK)
    challenge = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
    assert third.http.post(PAR, data={**result, **challenge}).status_code == 201
    assert is_refusal(third.http.post(PAR, data=result), 400, "invalid_request", "PKCE")


def test_2_no_credentials_are_stored(third: Third, sandbox: Sandbox) -> None:
    result = {**query(), "client_id": third.client_id, "client_secret": third.client.secret}
    assert third.http.post(PAR, data=result).status_code == 201
    with sandbox.store.reading() as transaction:
        (stored,) = transaction.pushed_requests.list()
    assert third.client.secret not in str(stored)
