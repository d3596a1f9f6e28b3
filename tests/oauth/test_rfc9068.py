"""RFC 9068, JWT access tokens, clause by clause; they expire and are revoked like opaque ones."""

from datetime import timedelta

import httpx
import pytest
from jose import jwk, jwt

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.oauth.calls import METADATA, call, reads, redeem, refresh
from tests.support import BASE, Third

RESOURCE = f"{BASE}/DataCustodian/espi/1_1/resource"


@pytest.fixture
def settings() -> Settings:
    return read_settings({"clock": NOON, "access_token_format": "jwt"})


def tokens(third: Third, customer: str = "test_residential") -> dict[str, str]:
    found: dict[str, str] = redeem(third, third.approval(customer).code).json()
    return found


def test_2_the_token_has_its_claims_and_a_verifiable_signature(third: Third) -> None:
    token = tokens(third)["access_token"]
    head = jwt.get_unverified_header(token)
    (key,) = third.http.get(third.http.get(METADATA).json()["jwks_uri"]).json()["keys"]
    assert head == {"typ": "at+jwt", "alg": "RS256", "kid": key["kid"]}
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    claims = jwt.decode(
        token,
        jwk.construct(key, "RS256"),
        algorithms=["RS256"],
        audience=RESOURCE,
        issuer=BASE,
        options={"verify_exp": False},  # the library uses the machine's clock
    )
    now = int(NOON.timestamp())
    assert (claims["iat"], claims["exp"], claims["client_id"]) == (now, now + 3600, third.client_id)
    assert claims["scope"].startswith("FB=")
    assert claims["sub"] == call(third, "introspect", token=token).json()["sub"]


def test_2_2_tokens_are_unique_and_a_client_token_names_the_client(third: Third) -> None:
    first, second = (jwt.get_unverified_claims(tokens(third)["access_token"]) for _ in range(2))
    assert first["jti"] != second["jti"]
    assert first["sub"] == second["sub"]
    own = jwt.get_unverified_claims(third.client_token())
    assert own["sub"] == third.client_id


def test_a_jwt_gives_the_same_access_as_an_opaque_token(third: Third) -> None:
    result = tokens(third)
    assert third.get(httpx.URL(result["resourceURI"]).path, result["access_token"]).status_code == 200
    assert "." not in result["refresh_token"]


def test_a_revoked_refreshed_or_expired_jwt_gives_no_access(third: Third, sandbox: Sandbox) -> None:
    revoked, refreshed, expired = (tokens(third) for _ in range(3))
    assert reads(third, revoked["access_token"]) == 200
    call(third, "revoke", token=revoked["access_token"])
    newer = refresh(third, refreshed["refresh_token"]).json()["access_token"]
    assert [reads(third, tokens["access_token"]) for tokens in (revoked, refreshed, expired)] == [
        401,
        401,
        200,
    ]
    assert reads(third, newer) == 200
    sandbox.write_alone(advance_clock, timedelta(hours=1))
    assert reads(third, expired["access_token"]) == 401


def test_4_a_validly_signed_token_that_was_not_issued_is_rejected(third: Third, sandbox: Sandbox) -> None:
    token = tokens(third)["access_token"]
    head, body, signature = token.split(".")
    for forged in (f"eyJhbGciOiJub25lIn0.{body}.", f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA"):
        assert reads(third, forged) == 401


def test_a_sandbox_is_named_in_its_tokens(third: Third) -> None:
    granted = third.http.post(
        "/~ci-6/_mock/authorizations",
        json={"scope": "FB=4;AdditionalScope=auth-test-test_residential", "exchange": True},
    )
    claims = jwt.get_unverified_claims(granted.json()["tokens"]["access_token"])
    assert claims["iss"] == f"{BASE}/~ci-6"
    assert claims["aud"].startswith(f"{BASE}/~ci-6/")
