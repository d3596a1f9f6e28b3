"""RFC 7591, dynamic client registration, clause by clause."""

import json
from typing import Any

import httpx
import pytest

from mock_server.domain.errors import InvalidClientMetadata
from mock_server.oauth.client_metadata import ClientMetadata, read_metadata
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.oauth.calls import METADATA, is_refusal
from tests.oauth.keys import PUBLIC
from tests.support import BASE, CALLBACK, SCOPE, Third

REGISTER = "/DataCustodian/espi/1_1/register"
REGISTRATION: dict[str, Any] = {
    "redirect_uris": ["https://app.example/callback", CALLBACK],
    "client_name": "New Company",
    "client_uri": "https://app.example/",
    "contacts": ["dev@app.example", "ops@app.example"],
    "tos_uri": "https://app.example/terms",
    "policy_uri": "https://app.example/policy",
    "logo_uri": "https://app.example/logo.png",
    "software_id": "new-app",
    "software_version": "1.2",
    "scope": "FB=4_16_39",
    "thirdPartyApplicationDescription": "We draw your usage, and share it with no one.",
    "thirdPartyPhone": "+15555550100",
    "thirdPartyApplicationType": 1,
    "thirdPartyNotifyUri": "https://app.example/espi/1_1/Notification",
}


def register(http: httpx.Client, **metadata: Any) -> httpx.Response:
    """POST the metadata, without fields that are None."""
    return http.post(REGISTER, json={name: value for name, value in metadata.items() if value is not None})


def test_3_2_1_the_response_has_credentials_and_all_metadata(http: httpx.Client) -> None:
    answer = register(http, **REGISTRATION)
    result = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert {name: result[name] for name in REGISTRATION} == REGISTRATION
    assert result["client_id"].startswith("DEMOUTILITY_")
    assert len(result["client_secret"]) == 32
    assert result["client_id_issued_at"] == int(NOON.timestamp())
    assert result["client_secret_expires_at"] == 0
    assert result["registration_client_uri"] == f"{BASE}{REGISTER}/{result['client_id']}"
    assert result["registration_access_token"]
    assert result["grant_types"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert result["response_types"] == ["code"]
    assert result["token_endpoint_auth_method"] == "client_secret_basic"


def test_3_2_1_only_a_redirect_uri_is_required(http: httpx.Client) -> None:
    result = register(http, redirect_uris=["https://app.example:8443/callback"]).json()
    assert result["client_name"] == result["client_id"]
    assert result["client_uri"] == "https://app.example:8443/"
    assert result["scope"] == http.get(METADATA).json()["scopes_supported"][0]
    assert "contacts" not in result


def test_the_client_works_immediately_in_sandbox_mode(sandbox: Sandbox, http: httpx.Client) -> None:
    result = register(http, **REGISTRATION).json()
    app = Third(sandbox, http, client_id=result["client_id"])
    assert app.client.mode == "sandbox"
    code = app.approval(scope=SCOPE).code
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    answer = http.post("/oauth/token", data=form, auth=(result["client_id"], result["client_secret"]))
    assert answer.status_code == 200


def test_the_company_gets_the_welcome_email(http: httpx.Client) -> None:
    result = register(http, **REGISTRATION).json()
    (mail,) = http.get("/_mock/messages", params={"to": "dev@app.example"}).json()["messages"]
    assert result["client_id"] in mail["body"]
    assert register(http, redirect_uris=[CALLBACK]).status_code == 201
    assert len(http.get("/_mock/messages").json()["messages"]) == 1


def test_2_unknown_fields_are_ignored(http: httpx.Client) -> None:
    result = register(http, **REGISTRATION, software_statement="x", favourite_colour="red").json()
    assert {"software_statement", "favourite_colour"}.isdisjoint(result)


def test_2_null_counts_as_omitted(http: httpx.Client) -> None:
    answer = http.post(REGISTER, json={**REGISTRATION, "tos_uri": None, "contacts": None, "scope": None})
    assert answer.status_code == 201
    assert {"tos_uri", "contacts"}.isdisjoint(answer.json())


@pytest.mark.parametrize("method", ["client_secret_post", "none", "private_key_jwt"])
def test_2_a_client_can_choose_its_authentication_method(http: httpx.Client, method: str) -> None:
    keys = {"jwks": {"keys": [PUBLIC]}} if method == "private_key_jwt" else {}
    result = register(http, **REGISTRATION, token_endpoint_auth_method=method, **keys).json()
    assert result["token_endpoint_auth_method"] == method
    assert ("client_secret" in result) == (method == "client_secret_post")
    assert result.get("jwks") == keys.get("jwks")
    assert ("client_credentials" in result["grant_types"]) == (method != "none")


@pytest.mark.parametrize(
    ("changed", "error", "word"),
    [
        ({"redirect_uris": None}, "invalid_redirect_uri", "redirect_uris is missing"),
        ({"redirect_uris": ["/callback"]}, "invalid_redirect_uri", "absolute"),
        ({"redirect_uris": ["https://app.example/#x"]}, "invalid_redirect_uri", "fragment"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri", "absolute"),
        ({"redirect_uris": "https://app.example/"}, "invalid_client_metadata", "redirect_uris"),
        ({"client_name": "a\0b"}, "invalid_client_metadata", "NUL"),
        ({"redirect_uris": ["app.example:/cb"], "client_uri": None}, "invalid_client_metadata", "client_uri"),
        ({"client_uri": "app.example"}, "invalid_client_metadata", "client_uri"),
        ({"contacts": ["nobody"]}, "invalid_client_metadata", "contacts"),
        ({"contacts": [1]}, "invalid_client_metadata", "contacts.0"),
        ({"scope": "read write"}, "invalid_client_metadata", "scope"),
        ({"grant_types": ["implicit"]}, "invalid_client_metadata", "authorization_code"),
        ({"response_types": ["token"]}, "invalid_client_metadata", "Use code"),
        ({"token_endpoint_auth_method": "tls_client_auth"}, "invalid_client_metadata", "private_key_jwt"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata", "public keys"),
        ({"jwks": {"keys": []}}, "invalid_client_metadata", "1 to 20"),
        ({"jwks": {"keys": [{**PUBLIC, "d": "AQAB"}]}}, "invalid_client_metadata", "private key"),
        (
            {"jwks": {"keys": [{"kty": "oct", "use": "sig"}]}},
            "invalid_client_metadata",
            "no usable key",
        ),
        ({"jwks": {"keys": [{**PUBLIC, "n": "AQAB"}]}}, "invalid_client_metadata", "2048"),
        (
            {"jwks": {"keys": [PUBLIC]}, "jwks_uri": "https://app.example/jwks"},
            "invalid_client_metadata",
            "Send only one",
        ),
        ({"thirdPartyApplicationType": 9}, "invalid_client_metadata", "thirdPartyApplicationType"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),  # the keys differ each time
)
def test_3_2_2_an_error_says_what_to_change_and_creates_no_client(
    http: httpx.Client, changed: dict[str, Any], error: str, word: str
) -> None:
    before = http.get("/_mock/clients").json()
    assert is_refusal(register(http, **{**REGISTRATION, **changed}), 400, error, word)
    assert http.get("/_mock/clients").json() == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"redirect_uris=x", b"\xff"])
def test_3_2_2_a_body_must_be_a_json_object(http: httpx.Client, body: bytes) -> None:
    assert is_refusal(http.post(REGISTER, content=body), 400, "invalid_client_metadata", "JSON object")


def test_a_sandbox_registers_its_own_clients(http: httpx.Client) -> None:
    result = http.post("/~ci-9" + REGISTER, json=REGISTRATION).json()
    assert result["registration_client_uri"].startswith(f"{BASE}/~ci-9/DataCustodian/")
    assert result["client_id"] not in http.get("/_mock/clients").text


LONGEST = {
    "client_name": 200,
    "client_uri": 2000,
    "tos_uri": 2000,
    "policy_uri": 2000,
    "logo_uri": 2000,
    "software_id": 256,
    "software_version": 32,
    "scope": 4000,
    "token_endpoint_auth_method": 200,
    "jwks_uri": 2000,
    "thirdPartyApplicationDescription": 256,
    "thirdPartyPhone": 32,
    "thirdPartyNotifyUri": 2000,
    "thirdPartyScopeSelectionScreenURI": 2000,
    "thirdPartyUserPortalScreenURI": 2000,
}
LISTS = {
    "redirect_uris": (2000, 50),
    "contacts": (254, 20),
    "grant_types": (200, 3),
    "response_types": (200, 3),
}


def is_accepted(**metadata: Any) -> bool:
    try:
        read_metadata(json.dumps(metadata).encode(), ClientMetadata)
    except InvalidClientMetadata:
        return False
    return True


@pytest.mark.parametrize("name", ClientMetadata.model_fields)
def test_texts_and_lists_have_maximum_lengths(name: str) -> None:
    if name in LISTS:
        longest, most = LISTS[name]
        assert is_accepted(**{name: ["x" * longest] * most})
        assert not is_accepted(**{name: ["x" * (longest + 1)]})
        assert is_accepted(**{name: ["x"] * (most + 1)}) == (name in ("grant_types", "response_types"))
    elif name in LONGEST:
        assert is_accepted(**{name: "x" * LONGEST[name]})
        assert not is_accepted(**{name: "x" * (LONGEST[name] + 1)})
    else:
        assert name in ("jwks", "thirdPartyApplicationType", "thirdPartyApplicationUse")


@pytest.mark.parametrize(
    ("name", "most"), [("thirdPartyApplicationType", 4), ("thirdPartyApplicationUse", 6)]
)
def test_a_code_must_be_defined_by_espi(name: str, most: int) -> None:
    found = [number for number in range(-1, 10) if is_accepted(**{name: number})]
    assert found == list(range(1, most + 1))
