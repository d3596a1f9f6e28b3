"""RFC 7523, client authentication with a signed JWT, clause by clause; keys and algorithms of RFC 7518."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from jose import jws

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.oauth.calls import is_refusal
from tests.oauth.keys import CURVE_PRIVATE, CURVE_PUBLIC, PRIVATE, PUBLIC, STRANGE_PRIVATE
from tests.oauth.test_rfc7591 import REGISTRATION, register
from tests.support import BASE, app_around, browser

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOW = int(NOON.timestamp())
NUMBERS: Iterator[int] = iter(range(10_000))


class Signer:
    """A client with keys instead of a secret."""

    def __init__(self, http: httpx.Client, **keys: Any) -> None:
        self.http = http
        metadata = {**REGISTRATION, "token_endpoint_auth_method": "private_key_jwt"}
        self.id = register(http, **metadata, **(keys or {"jwks": {"keys": [PUBLIC, CURVE_PUBLIC]}})).json()[
            "client_id"
        ]

    def claims(self, **changed: Any) -> dict[str, Any]:
        usual = {"iss": self.id, "sub": self.id, "aud": BASE, "iat": NOW, "exp": NOW + 60}
        result = {**usual, "jti": f"number {next(NUMBERS)}", **changed}
        return {name: value for name, value in result.items() if value is not None}

    def assertion(
        self, key: str = PRIVATE, alg: str = "RS256", kid: str | None = "rsa", **claims: Any
    ) -> str:
        signed: str = jws.sign(
            self.claims(**claims), key, headers={"kid": kid} if kid else None, algorithm=alg
        )
        return signed

    def asks(self, assertion: str, **form: Any) -> httpx.Response:
        usual = {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": assertion,
        }
        return self.http.post("/oauth/token", data={**usual, **form})


@pytest.fixture
def signer(http: httpx.Client) -> Signer:
    return Signer(http)


def test_2_2_a_signed_assertion_authenticates_the_client(signer: Signer) -> None:
    assert signer.asks(signer.assertion()).status_code == 200
    assert signer.asks(signer.assertion(), client_id=signer.id).status_code == 200
    assert signer.asks(signer.assertion(CURVE_PRIVATE, "ES256", "curve")).status_code == 200
    assert signer.asks(signer.assertion(CURVE_PRIVATE, "ES256", None)).status_code == 200


@pytest.mark.parametrize(
    "aud",
    [
        f"{BASE}/DataCustodian/oauth/token",
        f"{BASE}/oauth/token",
        [BASE],
        ["https://elsewhere.example", BASE],
    ],
    ids=str,
)
def test_3_the_audience_is_the_issuer_or_the_token_endpoint(signer: Signer, aud: Any) -> None:
    assert signer.asks(signer.assertion(aud=aud)).status_code == 200


def test_other_endpoints_accept_an_assertion(signer: Signer) -> None:
    token = signer.asks(signer.assertion()).json()["access_token"]
    for endpoint in ("introspect", "revoke"):
        form = {"token": token, "client_assertion_type": TYPE, "client_assertion": signer.assertion()}
        assert signer.http.post(f"/DataCustodian/oauth/{endpoint}", data=form).status_code == 200


def test_3_an_assertion_works_once(signer: Signer) -> None:
    assertion = signer.assertion()
    assert signer.asks(assertion).status_code == 200
    assert is_refusal(signer.asks(assertion), 401, "invalid_client", "already used")
    other = Signer(signer.http)
    same = signer.claims()["jti"]
    assert signer.asks(signer.assertion(jti=same)).status_code == 200
    assert other.asks(other.assertion(jti=same)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"aud": "https://elsewhere.example"}, "issuer, http://localhost:8000"),
        ({"aud": None}, "aud"),
        ({"aud": [7]}, "aud"),
        ({"iss": "somebody"}, "iss"),
        ({"iss": None}, "iss"),
        ({"sub": "DEMOUTILITY_ccccccccc"}, "registered with client_secret_basic"),
        ({"sub": "nobody"}, "no client"),
        ({"sub": None}, "no sub"),
        ({"exp": None}, "no exp"),
        ({"exp": NOW - 61}, "it is 2026-03-15 16:00:00"),
        ({"exp": NOW + 90_000}, "at most a day"),
        ({"exp": "soon"}, "exp"),
        ({"exp": 10**300}, "exp"),
        ({"exp": 10**11}, "exp of the client_assertion is not a number of seconds since 1970"),
        ({"exp": 260_000_000_000}, "exp of the client_assertion is not a number of seconds since 1970"),
        ({"nbf": NOW + 600}, "future"),
        ({"iat": NOW + 600}, "future"),
        ({"jti": None}, "jti"),
        ({"jti": 7}, "jti"),
    ],
    ids=str,
)
def test_3_each_claim_must_be_valid(signer: Signer, changed: dict[str, Any], word: str) -> None:
    assert is_refusal(signer.asks(signer.assertion(**changed)), 401, "invalid_client", word)


def _unsigned(claims: dict[str, Any], **head: Any) -> str:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (head, claims)]
    return ".".join([*parts, ""])


def test_3_the_signature_needs_a_registered_key(signer: Signer) -> None:
    good = signer.assertion()
    head, body, signature = good.split(".")
    other_body = signer.assertion().split(".")[1]
    forged = [
        signer.assertion(STRANGE_PRIVATE, "ES256", "curve"),
        signer.assertion(STRANGE_PRIVATE, "ES256", None),
        signer.assertion(PRIVATE, "RS256", "unknown"),
        signer.assertion(PRIVATE, "RS256", "curve"),
        f"{head}.{other_body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
    ]
    for assertion in forged:
        assert is_refusal(signer.asks(assertion), 401, "invalid_client")
    assert signer.asks(good).status_code == 200


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "HS512", "PS256", "", None, ["RS256"]], ids=str)
def test_other_algorithms_are_rejected(signer: Signer, alg: Any) -> None:
    """Unsigned assertions with any algorithm in the header (RFC 8725 §2.1 and §3.1)."""
    assert is_refusal(signer.asks(_unsigned(signer.claims(), alg=alg, kid="rsa")), 401, "invalid_client")


def test_the_public_key_is_not_accepted_as_a_shared_secret(signer: Signer) -> None:
    """RFC 8725 §2.1: HS256 with the public key as its secret."""
    forged = signer.assertion(json.dumps(PUBLIC), "HS256")
    assert is_refusal(signer.asks(forged), 401, "invalid_client", "'HS256'")


@pytest.mark.parametrize("text", ["x", "..", "a.b.c", "é.é.é", "e30.e30.e30", "e30.W10.x", "."])
def test_a_malformed_jwt_is_rejected(signer: Signer, text: str) -> None:
    assert is_refusal(signer.asks(text), 401, "invalid_client")


def test_4_2_type_and_client_id_must_match_the_assertion(signer: Signer) -> None:
    wrong = signer.asks(signer.assertion(), client_assertion_type="urn:x")
    assert is_refusal(wrong, 401, "invalid_client", TYPE)
    assert is_refusal(signer.asks(signer.assertion(), client_id="other"), 400, "invalid_request", "client_id")
    both = signer.asks(signer.assertion(), client_id=signer.id, client_secret="x")
    assert is_refusal(both, 400, "invalid_request", "two authentication methods")


def test_a_client_with_keys_cannot_use_another_method(signer: Signer) -> None:
    for auth in ((signer.id, ""), (signer.id, "x")):
        answer = signer.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
        assert is_refusal(answer, 401, "invalid_client", "private_key_jwt")
    form = {"grant_type": "client_credentials", "client_id": signer.id}
    assert is_refusal(signer.http.post("/oauth/token", data=form), 401, "invalid_client", "private_key_jwt")


def test_real_time_and_sandbox_time_are_both_accepted(sandbox: Sandbox, signer: Signer) -> None:
    sandbox.write_alone(advance_clock, timedelta(days=40))
    later = NOW + 40 * 86_400
    assert signer.asks(signer.assertion()).status_code == 200
    assert signer.asks(signer.assertion(iat=later, exp=later + 60)).status_code == 200
    assert signer.asks(signer.assertion(exp=later - 100_000)).status_code == 401


def serving(sandbox: Sandbox, answer: httpx.Response | None) -> httpx.Client:
    """The application, with one response to all outgoing requests; None makes the connection fail."""

    def handle(request: httpx.Request) -> httpx.Response:
        if answer is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(answer.status_code, content=answer.content)

    return browser(
        app_around(replace(sandbox, open_http=lambda: httpx.Client(transport=httpx.MockTransport(handle))))
    )


def test_keys_can_be_at_a_jwks_uri(sandbox: Sandbox) -> None:
    with serving(sandbox, httpx.Response(200, json={"keys": [PUBLIC]})) as http:
        signer = Signer(http, jwks_uri="https://app.example/jwks")
        assert signer.asks(signer.assertion()).status_code == 200
        assert is_refusal(
            signer.asks(signer.assertion(CURVE_PRIVATE, "ES256", "curve")), 401, "invalid_client", "No key"
        )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        httpx.Response(404, json={"keys": [PUBLIC]}),
        httpx.Response(302, headers={"Location": "https://app.example/"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[PUBLIC]),
        httpx.Response(200, json={"keys": PUBLIC}),
        httpx.Response(200, json={"keys": [7, {**PUBLIC, "kty": ["RSA"]}, {**PUBLIC, "n": 5}]}),
    ],
    ids=["no connection", "404", "redirect", "no JSON", "a list", "no list", "no keys"],
)
def test_a_jwks_uri_without_keys_is_an_error(sandbox: Sandbox, answer: httpx.Response | None) -> None:
    with serving(sandbox, answer) as http:
        signer = Signer(http, jwks_uri="https://app.example/jwks")
        assert is_refusal(signer.asks(signer.assertion()), 401, "invalid_client")


def test_3_iat_and_nbf_are_optional(signer: Signer) -> None:
    assert signer.asks(signer.assertion(iat=None, nbf=None)).status_code == 200
