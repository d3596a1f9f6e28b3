"""OpenID Connect Core, Discovery and RP-Initiated Logout, clause by clause; complements `test_provider`."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import httpx
import pytest
from jose import jwt

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.keys import constructed, signing_key
from mock_server.sandbox import Sandbox
from tests.sso.test_provider import CLIENT, ISSUER, answer_of, leave, log_in, query, redeem

HOME = "http://localhost:8000/my-authorizations"
SILENT = {"prompt": "none"}


def tokens_of(sandbox: Sandbox, http: httpx.Client, **changed: str) -> dict[str, Any]:
    """Log in if necessary, and get tokens with prompt=none."""
    if "error" in answer_of(http.get("/sso/authorize", params=query(**SILENT))):
        log_in(http)
    code = answer_of(http.get("/sso/authorize", params=query(**SILENT, **changed)))["code"]
    result: dict[str, Any] = redeem(sandbox, http, code).json()
    return result


def is_logged_in(http: httpx.Client) -> bool:
    return "code" in answer_of(http.get("/sso/authorize", params=query(**SILENT)))


def test_discovery_3_the_metadata_has_the_required_fields(http: httpx.Client) -> None:
    result = http.get("/sso/.well-known/openid-configuration").json()
    assert result["issuer"] == ISSUER
    assert result["response_types_supported"] == ["code"]
    assert result["subject_types_supported"] == ["public"]
    assert result["id_token_signing_alg_values_supported"] == ["RS256"]
    assert result["request_uri_parameter_supported"] is False, "its default is true"


def test_core_2_and_3_1_3_6_the_id_token_has_its_claims(sandbox: Sandbox, http: httpx.Client) -> None:
    result = tokens_of(sandbox, http)
    claims = jwt.get_unverified_claims(result["id_token"])
    now = int(sandbox.clock.now().timestamp())
    assert (claims["iss"], claims["aud"], claims["iat"]) == (ISSUER, CLIENT, now)
    assert claims["exp"] > now >= claims["auth_time"]
    half = hashlib.sha256(result["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == urlsafe_b64encode(half).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", {"sub"}),
        ("openid email", {"sub", "email"}),
        ("openid profile phone address", {"sub", "name", "phone_number"}),
    ],
)
def test_core_5_4_the_scope_selects_the_claims(
    sandbox: Sandbox, http: httpx.Client, scope: str, claims: set[str]
) -> None:
    result = tokens_of(sandbox, http, scope=scope)
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    assert set(http.get("/sso/userinfo", headers=headers).json()) == claims
    assert claims <= set(jwt.get_unverified_claims(result["id_token"]))
    assert result["scope"].split() == [name for name in scope.split() if name != "address"]


def test_core_5_3_1_userinfo_supports_get_and_post(sandbox: Sandbox, http: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {tokens_of(sandbox, http)['access_token']}"}
    assert (
        http.post("/sso/userinfo", headers=headers).json()
        == http.get("/sso/userinfo", headers=headers).json()
    )


def test_core_5_3_3_an_error_is_a_bearer_challenge(http: httpx.Client) -> None:
    assert "error" not in http.get("/sso/userinfo").headers["www-authenticate"]
    rejected = http.get("/sso/userinfo", headers={"Authorization": "Bearer x"})
    assert 'error="invalid_token"' in rejected.headers["www-authenticate"]


def test_core_3_1_2_1_the_request_can_be_posted(http: httpx.Client) -> None:
    log_in(http)
    assert "code" in answer_of(http.post("/sso/authorize", data=query(**SILENT)))


def test_core_3_1_2_1_max_age_requires_a_new_login_if_the_session_is_too_old(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    log_in(http)
    sandbox.write_alone(advance_clock, timedelta(minutes=10))
    for age, error in (
        ("601", None),
        ("600", "login_required"),
        ("0", "login_required"),
        ("x", "invalid_request"),
    ):
        assert (
            answer_of(http.get("/sso/authorize", params=query(**SILENT, max_age=age))).get("error") == error
        ), age
    assert http.get("/sso/authorize", params=query(max_age="5")).status_code == 200


def test_core_3_1_2_1_an_id_token_hint_names_the_required_subject(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    own = tokens_of(sandbox, http)["id_token"]
    assert "code" in answer_of(http.get("/sso/authorize", params=query(**SILENT, id_token_hint=own)))
    log_in(http, "test_commercial", "test_commercial")
    result = answer_of(http.get("/sso/authorize", params=query(**SILENT, id_token_hint=own)))
    assert result["error"] == "login_required"


def test_core_3_1_2_1_a_login_hint_prefills_the_user_name(http: httpx.Client) -> None:
    page = http.get("/sso/authorize", params=query(login_hint='test_solar"><b>'))
    assert "test_solar&#34;&gt;&lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://x.example/"}, "request_uri_not_supported"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
    ],
)
def test_core_3_1_2_6_unsupported_parameters_are_errors(
    http: httpx.Client, changed: dict[str, str], error: str
) -> None:
    assert answer_of(http.get("/sso/authorize", params=query(**changed)))["error"] == error


def test_core_3_1_3_2_reusing_a_code_revokes_its_token(sandbox: Sandbox, http: httpx.Client) -> None:
    log_in(http)
    code = answer_of(http.get("/sso/authorize", params=query(**SILENT)))["code"]
    headers = {"Authorization": f"Bearer {redeem(sandbox, http, code).json()['access_token']}"}
    assert http.get("/sso/userinfo", headers=headers).status_code == 200
    assert redeem(sandbox, http, code).json()["error"] == "invalid_grant"
    assert http.get("/sso/userinfo", headers=headers).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_logout_2_a_hint_for_this_session_ends_it_and_redirects_back(
    sandbox: Sandbox, http: httpx.Client, method: str
) -> None:
    hint = tokens_of(sandbox, http)["id_token"]
    sandbox.write_alone(advance_clock, timedelta(minutes=11))  # an expired id token is still a valid hint
    requested = {"id_token_hint": hint, "post_logout_redirect_uri": HOME, "state": "s/t a"}
    where = {"params": requested} if method == "GET" else {"data": requested}
    answer = http.request(method, "/sso/log-out", **where)  # type: ignore[arg-type]  # one of the two
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}?state=s%2Ft+a")
    assert not is_logged_in(http)


def test_logout_2_without_a_hint_the_customer_must_confirm(http: httpx.Client) -> None:
    """Otherwise any page could log a customer out."""
    log_in(http)
    page = http.get("/sso/log-out", params={"client_id": CLIENT, "post_logout_redirect_uri": HOME})
    assert (page.status_code, "Log out?" in page.text) == (200, True)
    assert http.post("/sso/log-out/confirmed", data={"csrf": "x" * 64}).status_code == 403
    assert is_logged_in(http)
    assert "You are logged out" in leave(http).text
    assert not is_logged_in(http)


def test_logout_2_a_hint_for_another_customer_requires_confirmation(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    hint = tokens_of(sandbox, http)["id_token"]
    log_in(http, "test_commercial", "test_commercial")
    assert "Log out?" in http.get("/sso/log-out", params={"id_token_hint": hint}).text
    assert is_logged_in(http)


@pytest.mark.parametrize(
    ("requested", "status"),
    [
        ({"client_id": CLIENT, "post_logout_redirect_uri": "https://evil.example/"}, 403),
        ({"client_id": CLIENT, "post_logout_redirect_uri": HOME + "/"}, 403),
        ({"post_logout_redirect_uri": HOME}, 400),
        ({"client_id": "other", "post_logout_redirect_uri": HOME}, 400),
        ({"id_token_hint": "x"}, 400),
        ({"id_token_hint": "e30.e30.e30"}, 400),
    ],
    ids=str,
)
def test_logout_3_an_unregistered_redirect_uri_is_not_followed(
    http: httpx.Client, requested: dict[str, str], status: int
) -> None:
    answer = http.get("/sso/log-out", params=requested)
    assert (answer.status_code, "location" in answer.headers) == (status, False)


def test_logout_4_a_hint_needs_our_issuer_and_this_audience(sandbox: Sandbox, http: httpx.Client) -> None:
    key = signing_key(sandbox)
    for claims in ({"iss": "https://evil.example", "aud": CLIENT}, {"iss": ISSUER, "aud": "other"}):
        hint = jwt.encode({**claims, "sub": "test_residential"}, constructed(key.pem), algorithm="RS256")
        assert http.get("/sso/log-out", params={"id_token_hint": hint}).status_code == 400
    unsigned = "eyJhbGciOiJub25lIn0." + hint.split(".")[1] + "."
    assert http.get("/sso/log-out", params={"id_token_hint": unsigned}).status_code == 400
