"""RFC 8252, OAuth for native apps: loopback redirects on any port, and private-use URI schemes."""

from typing import Any

import httpx
import pytest

from tests.oauth.test_rfc7591 import register

AUTHORIZE = "/DataCustodian/oauth/authorize"
APP = {"client_name": "Native App", "client_uri": "https://native.example/"}


def asks(http: httpx.Client, client_id: str, redirect_uri: str, **changed: str) -> int:
    """The status of an authorize request; 303 if the redirect URI is accepted."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "FB=4",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        **changed,
    }
    return http.get(AUTHORIZE, params=query).status_code


def native(http: httpx.Client, *uris: str, **metadata: Any) -> str:
    result = {**APP, "token_endpoint_auth_method": "none", "redirect_uris": list(uris), **metadata}
    client_id: str = register(http, **result).json()["client_id"]
    return client_id


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_7_3_a_loopback_redirect_matches_on_any_port(http: httpx.Client, host: str) -> None:
    client_id = native(http, f"http://{host}/cb?a=1", f"http://{host}:4000/other")
    for uri in (
        f"http://{host}/cb?a=1",
        f"http://{host}:51004/cb?a=1",
        f"http://{host}:65535/cb?a=1",
        f"http://{host}:1/other",
    ):
        assert asks(http, client_id, uri) == 303, uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:5000/cb/",
        "http://127.0.0.1:5000/",
        "http://127.0.0.1:5000/cb?a=1",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:70000/cb",
        "http://127.0.0.1:5000/cb#x",
        "https://127.0.0.1:5000/cb",
        "http://[::1]:5000/cb",
        "http://localhost:5000/cb",
        "http://127.0.0.1:5000@evil.example/cb",
        "http://127.0.0.1.evil.example:5000/cb",
        "http://127.0.0.2:5000/cb",
        "com.example.app2:/cb",
    ],
)
def test_7_3_only_the_port_may_differ(http: httpx.Client, uri: str) -> None:
    client_id = native(http, "http://127.0.0.1:4000/cb", "com.example.app:/cb")
    assert asks(http, client_id, uri) == 403


def test_7_1_a_private_use_scheme_must_match_exactly(http: httpx.Client) -> None:
    client_id = native(http, "com.example.app:/cb")
    assert asks(http, client_id, "com.example.app:/cb") == 303
    for uri in ("com.example.app:/cb2", "com.example.app://cb", "COM.example.app:/cb"):
        assert asks(http, client_id, uri) == 403, uri


def test_a_confidential_client_cannot_use_another_port(http: httpx.Client) -> None:
    client_id = native(http, "http://127.0.0.1:4000/cb", token_endpoint_auth_method="client_secret_basic")
    assert asks(http, client_id, "http://127.0.0.1:4000/cb") == 303
    assert asks(http, client_id, "http://127.0.0.1:4001/cb") == 403


def test_6_and_8_1_a_native_app_must_use_pkce(http: httpx.Client) -> None:
    client_id = native(http, "http://127.0.0.1/cb")
    query = {"response_type": "code", "client_id": client_id, "redirect_uri": "http://127.0.0.1:1/cb"}
    answer = http.get(AUTHORIZE, params={**query, "scope": "FB=4"})
    assert "error=invalid_request" in answer.headers["location"]
    assert "PKCE" in answer.headers["location"]
