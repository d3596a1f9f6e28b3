"""RFC 7662, token introspection, clause by clause."""

from datetime import timedelta

import httpx
import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.oauth.calls import call, is_refusal, refresh
from tests.support import BASE, Third

INTROSPECT = "/DataCustodian/oauth/introspect"
RESOURCE = f"{BASE}/DataCustodian/espi/1_1/resource"
INACTIVE = {"active": False}


def test_2_2_an_access_token_is_described(third: Third) -> None:
    issued = third.tokens()
    answer = call(third, "introspect", token=issued.access_token)
    result = answer.json()
    subject = result.pop("sub")
    issued_at = int(NOON.timestamp())
    assert result == {
        "active": True,
        "scope": issued.authorization.scope,
        "client_id": third.client_id,
        "token_type": "Bearer",
        "exp": issued_at + 3600,
        "iat": issued_at,
        "iss": BASE,
        "aud": RESOURCE,
        "resourceURI": f"{RESOURCE}/Batch/Subscription/500001",
        "authorizationURI": f"{RESOURCE}/Authorization/500001",
    }
    assert "test_residential" not in subject
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/DataCustodian/DemoUtility/oauth/introspect", "/oauth/introspect"])
def test_the_other_urls_work_in_the_same_way(third: Third, path: str) -> None:
    token = third.tokens().access_token
    answer = third.http.post(path, data={"token": token}, auth=(third.client_id, third.client.secret))
    assert answer.json() == call(third, "introspect", token=token).json()


def test_2_2_the_subject_identifies_a_customer_for_one_client(third: Third, http: httpx.Client) -> None:
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_publicapp")
    assert other.client.is_public
    live = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    callback = {"redirect_uri": "http://127.0.0.1:8765/callback"}
    code = live.approval(**callback).code
    answer = call(live, "token", grant_type="authorization_code", code=code, **callback).json()
    again, someone = third.tokens(), third.tokens("test_commercial")
    subjects = [
        call(who, "introspect", token=token).json()["sub"]
        for who, token in (
            (third, third.tokens().access_token),
            (third, again.access_token),
            (third, someone.access_token),
            (live, answer["access_token"]),
        )
    ]
    assert subjects[0] == subjects[1]
    assert len(set(subjects)) == 3


def test_2_2_a_refresh_token_has_no_type_and_ends_with_the_authorization(third: Third) -> None:
    issued = third.tokens()
    result = call(third, "introspect", token=issued.refresh_token, token_type_hint="access_token").json()
    assert result["active"] is True
    assert "token_type" not in result
    assert issued.authorization.expires
    assert result["exp"] == int(issued.authorization.expires.timestamp())


def test_2_2_the_subject_of_a_client_token_is_the_client(third: Third) -> None:
    result = call(third, "introspect", token=third.client_token()).json()
    assert (result["active"], result["sub"]) == (True, third.client_id)
    assert result["resourceURI"].startswith(f"{RESOURCE}/Batch/Bulk/")
    status = call(third, "introspect", token=third.client.api_token).json()
    assert status["active"] is True
    assert {"exp", "scope", "resourceURI"}.isdisjoint(status)


def test_2_2_an_invalid_token_is_only_inactive(third: Third) -> None:
    issued = third.tokens()
    refresh(third, issued.refresh_token or "")
    for token in ("nonsense", issued.access_token, third.approval().code):
        assert call(third, "introspect", token=token).json() == INACTIVE


def test_2_2_an_expired_token_is_inactive(third: Third) -> None:
    issued = third.tokens()
    third.sandbox.write_alone(advance_clock, timedelta(minutes=59))
    assert call(third, "introspect", token=issued.access_token).json()["active"] is True
    third.sandbox.write_alone(advance_clock, timedelta(minutes=1))
    assert call(third, "introspect", token=issued.access_token).json() == INACTIVE
    assert call(third, "introspect", token=issued.refresh_token).json()["active"] is True


@pytest.mark.parametrize("end", ["revoke", "expire"])
def test_2_2_tokens_of_an_ended_authorization_are_inactive(third: Third, end: str) -> None:
    issued = third.tokens()
    third.http.post(f"/_mock/authorizations/{issued.authorization.uid}/{end}")
    for token in (issued.access_token, issued.refresh_token):
        assert call(third, "introspect", token=token).json() == INACTIVE


def test_4_another_clients_token_is_inactive(third: Third, http: httpx.Client) -> None:
    token = third.tokens().access_token
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert call(other, "introspect", token=token).json() == INACTIVE


def test_2_1_the_client_must_authenticate(sandbox: Sandbox, third: Third) -> None:
    token = third.tokens().access_token
    for auth in (("", ""), (third.client_id, "wrong")):
        assert is_refusal(
            third.http.post(INTROSPECT, data={"token": token}, auth=auth), 401, "invalid_client"
        )
    public = {"token": token, "client_id": "DEMOUTILITY_publicapp"}
    assert is_refusal(
        third.http.post(INTROSPECT, data=public), 400, "unauthorized_client", "without a secret"
    )


def test_2_1_the_token_is_required_in_the_body(third: Third) -> None:
    auth = (third.client_id, third.client.secret)
    answer = third.http.post(INTROSPECT, params={"token": "x"}, auth=auth)
    assert is_refusal(answer, 400, "invalid_request", "token is missing")
    assert third.http.get(INTROSPECT, auth=auth).status_code == 405
