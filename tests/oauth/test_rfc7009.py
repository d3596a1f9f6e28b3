"""RFC 7009, token revocation, clause by clause."""

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.oauth.calls import call, is_refusal, reads, redeem, refresh
from tests.support import Third

REVOKE = "/DataCustodian/oauth/revoke"


@pytest.mark.parametrize("path", [REVOKE, "/DataCustodian/demoutility/oauth/revoke", "/oauth/revoke"])
def test_2_1_an_access_token_is_revoked_at_all_three_urls(third: Third, path: str) -> None:
    token = third.tokens().access_token
    assert reads(third, token) == 200
    answer = third.http.post(path, data={"token": token}, auth=(third.client_id, third.client.secret))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert reads(third, token) == 401


def test_2_1_revoking_an_access_token_spares_the_refresh_token(third: Third) -> None:
    issued = third.tokens()
    call(third, "revoke", token=issued.access_token)
    assert refresh(third, issued.refresh_token or "").status_code == 200


def test_2_1_revoking_a_refresh_token_revokes_the_access_tokens_of_its_grant(third: Third) -> None:
    issued, other = third.tokens(), third.tokens()
    assert call(third, "revoke", token=issued.refresh_token).status_code == 200
    assert reads(third, issued.access_token) == 401
    assert is_refusal(
        refresh(third, issued.refresh_token or ""), 400, "invalid_grant", "its client revoked it"
    )
    assert reads(third, other.access_token) == 200


def test_the_customers_authorization_stays_active(third: Third) -> None:
    """Only DELETE of the Authorization or the customer ends it, because the client may also use an API token."""
    issued = third.tokens()
    call(third, "revoke", token=issued.refresh_token)
    (found,) = third.get("/api/v2/authorizations", third.client.api_token).json()["authorizations"]
    assert found["status"] != "revoked"


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "something_else"])
def test_2_1_a_wrong_hint_does_not_matter(third: Third, hint: str) -> None:
    issued = third.tokens()
    assert call(third, "revoke", token=issued.refresh_token, token_type_hint=hint).status_code == 200
    assert refresh(third, issued.refresh_token or "").status_code == 400


def test_2_2_revoking_an_invalid_token_succeeds(third: Third) -> None:
    token = third.tokens().access_token
    for result in ("nonsense", token, token):
        assert call(third, "revoke", token=result).status_code == 200


def test_2_1_another_clients_token_cannot_be_revoked(third: Third, http: httpx.Client) -> None:
    token = third.tokens().access_token
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert is_refusal(call(other, "revoke", token=token), 400, "unauthorized_client", "another client")
    assert reads(third, token) == 200


@pytest.mark.parametrize("name", ["api_token", "registration_access_token"])
def test_2_2_1_registration_and_api_tokens_cannot_be_revoked(third: Third, name: str) -> None:
    token = getattr(third.client, name)
    assert is_refusal(call(third, "revoke", token=token), 400, "unsupported_token_type", "settings")


def test_a_client_token_is_revoked_like_any_other(third: Third) -> None:
    token = third.client_token()
    path = "/DataCustodian/espi/1_1/resource/ReadServiceStatus"
    assert third.get(path, token).status_code == 200
    call(third, "revoke", token=token)
    assert third.get(path, token).status_code == 401


def test_2_1_the_client_must_authenticate(third: Third) -> None:
    token = third.tokens().access_token
    for auth in (("", ""), (third.client_id, "wrong"), ("nobody", "x")):
        answer = third.http.post(REVOKE, data={"token": token}, auth=auth)
        assert is_refusal(answer, 401, "invalid_client")
    assert reads(third, token) == 200


def test_2_1_a_public_client_revokes_with_its_id_only(sandbox: Sandbox, http: httpx.Client) -> None:
    app = Third(sandbox, http, client_id="DEMOUTILITY_publicapp")
    verifier = "v" * 43
    code = app.approval(scope="FB=4", code_challenge=verifier, code_challenge_method="plain").code
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    form |= {"client_id": app.client_id, "redirect_uri": "http://127.0.0.1:5000/callback"}
    token = http.post("/oauth/token", data=form).json()["access_token"]
    answer = http.post("/oauth/revoke", data={"token": token, "client_id": app.client_id})
    assert answer.status_code == 200
    assert reads(app, token) == 401


def test_2_1_the_token_must_be_in_the_body(third: Third) -> None:
    token = third.tokens().access_token
    auth = (third.client_id, third.client.secret)
    answer = third.http.post(REVOKE, params={"token": token}, auth=auth)
    assert is_refusal(answer, 400, "invalid_request", "token is missing")
    assert reads(third, token) == 200
    assert third.http.get(REVOKE, params={"token": token}, auth=auth).status_code == 405


def test_a_revoked_token_stays_revoked_if_its_code_is_reused(third: Third) -> None:
    code = third.approval().code
    tokens = redeem(third, code).json()
    call(third, "revoke", token=tokens["refresh_token"])
    assert redeem(third, code).status_code == 400
    assert is_refusal(refresh(third, tokens["refresh_token"]), 400, "invalid_grant", "its client revoked it")
