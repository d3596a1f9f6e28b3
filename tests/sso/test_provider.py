"""The utility's OpenID provider: the code flow of its relying party, and attacks."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from jose import jwt

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.keys import constructed, signing_key
from mock_server.domain.errors import Forbidden
from mock_server.pages.sign_in.single_sign_on import check_id_token
from mock_server.sandbox import Sandbox

CLIENT = "demoutility-customer-pages"
CALLBACK = "http://localhost:8000/connect/signed-on"
ISSUER = "http://localhost:8000/sso"


def query(**changed: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": "s/t;a=te",
        "nonce": "n",
        **changed,
    }


def answer_of(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 303, response.text
    assert response.headers["location"].startswith(CALLBACK + "?")
    return {
        name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()
    }


def log_in(
    http: httpx.Client, username: str = "test_residential", password: str = "test_residential"
) -> httpx.Response:
    page = http.get("/sso/authorize", params=query(prompt="login"))
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert csrf, page.text
    form = {"csrf": csrf.group(1), "username": username, "password": password}
    return http.post("/sso/authorize", params=query(prompt="login"), data=form)


def redeem(sandbox: Sandbox, http: httpx.Client, code: str, **changed: Any) -> httpx.Response:
    auth = (CLIENT, sandbox.fixtures.utility.single_sign_on_client_secret)
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **changed}
    return http.post("/sso/token", data=data, auth=auth)


def leave(http: httpx.Client) -> httpx.Response:
    """Log out and confirm."""
    page = http.get("/sso/log-out")
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert csrf, page.text
    return http.post("/sso/log-out/confirmed", data={"csrf": csrf.group(1)})


def test_discovery_names_every_endpoint_below_the_issuer(http: httpx.Client) -> None:
    found = http.get("/sso/.well-known/openid-configuration").json()
    assert found["issuer"] == ISSUER
    for name in (
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    ):
        assert found[name].startswith(ISSUER + "/"), name
        assert http.get(httpx.URL(found[name]).path).status_code != 404, name


def test_the_complete_code_flow_ends_with_a_valid_id_token(sandbox: Sandbox, http: httpx.Client) -> None:
    answer = answer_of(log_in(http))
    assert answer["state"] == "s/t;a=te"
    tokens = redeem(sandbox, http, answer["code"]).json()
    keys = http.get("/sso/jwks").json()
    claims = jwt.decode(
        tokens["id_token"],
        keys,
        algorithms=["RS256"],
        audience=CLIENT,
        issuer=ISSUER,
        access_token=tokens["access_token"],  # checks at_hash
        options={"verify_exp": False},
    )
    assert (claims["sub"], claims["nonce"], claims["name"]) == ("test_residential", "n", "HEATHER HOMEOWNER")
    info = http.get("/sso/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert info["sub"] == "test_residential"
    assert info["email"] == "heather.homeowner@example.com"


def test_prompt_none_works_until_logout(http: httpx.Client) -> None:
    silent = query(prompt="none")
    assert answer_of(http.get("/sso/authorize", params=silent))["error"] == "login_required"
    log_in(http)
    assert "code" in answer_of(http.get("/sso/authorize", params=silent))
    leave(http)
    assert answer_of(http.get("/sso/authorize", params=silent))["error"] == "login_required"


def test_a_session_ends_after_eight_hours(sandbox: Sandbox, http: httpx.Client) -> None:
    log_in(http)
    sandbox.write_alone(advance_clock, timedelta(hours=8))
    assert answer_of(http.get("/sso/authorize", params=query(prompt="none")))["error"] == "login_required"


def test_prompt_login_requires_a_new_login_despite_a_session(http: httpx.Client) -> None:
    log_in(http)
    assert http.get("/sso/authorize", params=query(prompt="login")).status_code == 200


@pytest.mark.parametrize(
    ("username", "password"), [("test_residential", "x"), ("nobody", "nobody"), ("", "")]
)
def test_a_wrong_password_displays_the_form_again(http: httpx.Client, username: str, password: str) -> None:
    page = log_in(http, username, password)
    assert page.status_code == 422
    assert "wrong" in page.text


def test_a_posted_login_needs_the_form_token(http: httpx.Client) -> None:
    """Login CSRF: another site posts its own user name and password."""
    form = {"username": "test_residential", "password": "test_residential"}
    assert http.post("/sso/authorize", params=query(), data=form).status_code == 403
    assert http.post("/sso/authorize", params=query(), data={**form, "csrf": "x" * 64}).status_code == 403


@pytest.mark.parametrize(
    "changed", [{"client_id": "other"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": ""}]
)
def test_an_unknown_relying_party_is_never_redirected(http: httpx.Client, changed: dict[str, str]) -> None:
    answer = http.get("/sso/authorize", params=query(**changed))
    assert answer.status_code in (400, 401, 403)
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_other_mistakes_are_reported_to_the_relying_party(
    http: httpx.Client, changed: dict[str, str], error: str
) -> None:
    answer = answer_of(http.get("/sso/authorize", params=query(**changed)))
    assert (answer["error"], answer["state"]) == (error, "s/t;a=te")


def test_a_code_works_once_for_a_minute_and_for_its_redirect_uri(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    code = answer_of(log_in(http))["code"]
    assert redeem(sandbox, http, code, redirect_uri="http://localhost/other").status_code == 400
    assert redeem(sandbox, http, code).status_code == 200
    assert redeem(sandbox, http, code).json()["error"] == "invalid_grant"
    late = answer_of(log_in(http))["code"]
    sandbox.write_alone(advance_clock, timedelta(minutes=1))
    assert redeem(sandbox, http, late).json()["error"] == "invalid_grant"


def test_the_token_endpoint_authenticates_its_relying_party(http: httpx.Client) -> None:
    for auth in ({}, {"auth": (CLIENT, "wrong")}, {"auth": ("other", "x")}):
        data = {"grant_type": "authorization_code", "code": "x"}
        answer = http.post("/sso/token", data=data, **auth)  # type: ignore[arg-type]  # {} sends no credentials
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_userinfo_accepts_its_own_tokens_only(http: httpx.Client) -> None:
    answer = http.get("/sso/userinfo", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert http.get("/sso/userinfo").status_code == 401


def test_the_key_survives_a_reset_and_is_constructed_once(sandbox: Sandbox, http: httpx.Client) -> None:
    before = http.get("/sso/jwks").json()
    http.post("/_mock/reset")
    assert http.get("/sso/jwks").json() == before
    assert constructed(signing_key(sandbox).pem) is constructed(signing_key(sandbox).pem)


def test_the_keys_have_no_private_part(http: httpx.Client) -> None:
    (key,) = http.get("/sso/jwks").json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


ID_TOKEN_ATTACKS = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "somebody"},
    "another request's nonce": {"nonce": "other"},
    "no nonce": {"nonce": ""},
    "expired": {"exp": 1},
    "no expiry": {"exp": None},
}


@pytest.mark.parametrize("changed", ID_TOKEN_ATTACKS.values(), ids=ID_TOKEN_ATTACKS.keys())
def test_the_relying_party_rejects_invalid_claims(
    sandbox: Sandbox, http: httpx.Client, changed: dict[str, Any]
) -> None:
    assert _checked(sandbox, http, {})["sub"] == "test_residential"
    with pytest.raises(Forbidden):
        _checked(sandbox, http, changed)


def test_the_relying_party_rejects_missing_and_forged_signatures(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    good = _signed(sandbox, {})
    head, body, signature = good.split(".")
    none = "eyJhbGciOiJub25lIn0." + body + "."
    symmetric = jwt.encode({"sub": "x"}, "secret", algorithm="HS256")
    for forged in (none, symmetric, f"{head}.{body}.{signature[:-4]}AAAA", "x", ""):
        with pytest.raises(Forbidden):
            _check(sandbox, http, forged)


def _signed(sandbox: Sandbox, changed: dict[str, Any]) -> str:
    now = int(sandbox.clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "test_residential",
        "nonce": "n",
        "iat": now,
        "exp": now + 60,
    }
    result = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    key = signing_key(sandbox)
    signed: str = jwt.encode(result, constructed(key.pem), algorithm="RS256", headers={"kid": key.id})
    return signed


def _check(sandbox: Sandbox, http: httpx.Client, token: str) -> dict[str, object]:
    keys = http.get("/sso/jwks").json()
    now = sandbox.clock.now()
    return check_id_token(token, keys, issuer=ISSUER, audience=CLIENT, nonce="n", now=now)


def _checked(sandbox: Sandbox, http: httpx.Client, changed: dict[str, Any]) -> dict[str, object]:
    return _check(sandbox, http, _signed(sandbox, changed))
