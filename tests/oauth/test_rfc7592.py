"""RFC 7592, registration management, and its equivalence to ESPI's ApplicationInformation."""

import json
from typing import Any

import httpx
import pytest

from tests.espi.documents import ESPI, parse
from tests.oauth.calls import is_refusal
from tests.oauth.keys import PUBLIC
from tests.oauth.test_rfc7591 import REGISTER, REGISTRATION, register
from tests.support import CALLBACK, Third, app_around, sent_in_halves

ESPI_APPLICATION = "/DataCustodian/espi/1_1/resource/ApplicationInformation"
DECIDED_BY_US = (
    "client_id_issued_at",
    "client_secret_expires_at",
    "registration_client_uri",
    "registration_access_token",
)


class Own:
    """A client that registered itself and manages its registration."""

    def __init__(self, http: httpx.Client, **metadata: Any) -> None:
        self.http = http
        self.registered = register(http, **{**REGISTRATION, **metadata}).json()
        self.headers = {"Authorization": f"Bearer {self.registered['registration_access_token']}"}
        self.path = httpx.URL(self.registered["registration_client_uri"]).path

    def sends(self, method: str, body: Any = None) -> httpx.Response:
        return self.http.request(method, self.path, json=body, headers=self.headers)

    def updated(self, **changed: Any) -> httpx.Response:
        """PUT the registration with changes; None omits a field."""
        stored = {name: value for name, value in self.registered.items() if name not in DECIDED_BY_US}
        result = {name: value for name, value in {**stored, **changed}.items() if value is not None}
        return self.sends("PUT", result)

    def espi(self) -> dict[str, list[str | None]]:
        """The texts of the ApplicationInformation's elements, by name."""
        answer = self.http.get(f"{ESPI_APPLICATION}/{self.registered['client_id']}", headers=self.headers)
        texts: dict[str, list[str | None]] = {}
        for element in next(parse(answer.content).iter(ESPI + "ApplicationInformation")):
            texts.setdefault(str(element.tag).removeprefix(ESPI), []).append(element.text)
        return texts

    def puts_espi(self, old: str, new: str) -> httpx.Response:
        """PUT the ApplicationInformation with a text replaced."""
        address = f"{ESPI_APPLICATION}/{self.registered['client_id']}"
        read = self.http.get(address, headers=self.headers).text
        assert old in read
        return self.http.put(address, content=read.replace(old, new), headers=self.headers)


@pytest.fixture
def own(http: httpx.Client) -> Own:
    return Own(http)


def test_2_1_reading_returns_the_registration(own: Own) -> None:
    answer = own.sends("GET")
    assert (answer.status_code, answer.json()) == (200, own.registered)
    assert answer.headers["cache-control"] == "no-store"


def test_2_2_an_update_changes_the_application_information(own: Own) -> None:
    answer = own.updated(client_name="Newer Company", redirect_uris=["https://app.example/new"], tos_uri=None)
    assert answer.status_code == 200
    assert answer.json()["client_name"] == "Newer Company"
    assert "tos_uri" not in answer.json()
    espi = own.espi()
    assert espi["client_name"] == ["Newer Company"]
    assert espi["redirect_uri"] == ["https://app.example/new"]
    assert "tos_uri" not in espi
    assert espi["client_id"] == [own.registered["client_id"]]


def test_updating_the_application_information_changes_the_registration(own: Own) -> None:
    assert own.puts_espi("New Company", "Third Company").status_code == 200
    assert own.puts_espi("FB=4_16_39", "FB=4").status_code == 200
    assert own.sends("GET").json() == {**own.registered, "client_name": "Third Company", "scope": "FB=4"}


def test_both_describe_the_same_registration(own: Own) -> None:
    espi = own.espi()
    one_each = [name for name in REGISTRATION if name not in ("redirect_uris", "contacts")]
    assert {name: espi[name] for name in one_each} == {name: [str(own.registered[name])] for name in one_each}
    assert espi["redirect_uri"] == REGISTRATION["redirect_uris"]
    assert espi["contacts"] == REGISTRATION["contacts"]
    assert espi["grant_types"] == own.registered["grant_types"]
    assert espi["client_secret"] == [own.registered["client_secret"]]
    (endpoint,) = espi["authorizationServerRegistrationEndpoint"]
    assert endpoint
    assert httpx.URL(endpoint).path == REGISTER


def test_a_fixture_client_is_managed_in_the_same_way(third: Third) -> None:
    headers = {"Authorization": f"Bearer {third.client.registration_access_token}"}
    path = f"{REGISTER}/{third.client_id}"
    result = third.http.get(path, headers=headers).json()
    assert result["client_name"] == "Test Company"
    stored = {name: value for name, value in result.items() if name not in DECIDED_BY_US}
    assert third.http.put(path, json=stored, headers=headers).json() == result
    assert third.client.redirect_uris[0].startswith("{base}/"), "it still has the placeholder for this server"


def test_2_2_omitted_fields_are_removed(own: Own) -> None:
    least = {"client_id": own.registered["client_id"], "redirect_uris": [CALLBACK]}
    result = own.sends("PUT", least).json()
    assert {"contacts", "tos_uri", "policy_uri", "logo_uri", "thirdPartyPhone"}.isdisjoint(result)
    assert result["client_secret"] == own.registered["client_secret"]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"client_id": "somebody_else"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"client_secret": "x" * 32}, "client_secret"),
        ({"contacts": ["nobody"]}, "contacts"),
    ],
    ids=str,
)
def test_2_2_a_rejected_update_changes_nothing(own: Own, changed: dict[str, Any], word: str) -> None:
    assert is_refusal(own.updated(**changed), 400, "invalid_client_metadata", word)
    assert own.sends("GET").json() == own.registered


def test_2_2_changing_the_authentication_method_adds_or_removes_the_secret(own: Own) -> None:
    own.registered.pop("client_secret")
    result = own.updated(token_endpoint_auth_method="private_key_jwt", jwks={"keys": [PUBLIC]}).json()
    assert "client_secret" not in result
    assert result["jwks"] == {"keys": [PUBLIC]}
    again = own.updated(token_endpoint_auth_method="client_secret_basic").json()
    assert len(again["client_secret"]) == 32
    assert "jwks" not in again


def test_2_3_deleting_a_client_revokes_its_tokens(own: Own) -> None:
    answer = own.sends("DELETE")
    assert (answer.status_code, answer.content) == (204, b"")
    auth = (own.registered["client_id"], own.registered["client_secret"])
    refused = own.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    assert is_refusal(refused, 401, "invalid_client", "deleted its registration")
    for method in ("GET", "PUT", "DELETE"):
        gone = own.sends(method, {})
        assert is_refusal(gone, 401, "invalid_token", "was deleted")
        assert gone.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}], ids=str
)
def test_2_without_a_valid_token_the_status_is_401(own: Own, header: dict[str, str]) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = own.http.request(method, own.path, headers=header)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_2_a_token_of_another_client_or_class_is_403(own: Own, third: Third) -> None:
    for token in (third.client.registration_access_token, third.client_token(), third.client.api_token):
        answer = own.http.get(own.path, headers={"Authorization": f"Bearer {token}"})
        assert is_refusal(answer, 403, "insufficient_scope")


@pytest.mark.parametrize("kind", ["metadata", "ApplicationInformation"])
def test_2_an_update_of_a_concurrently_deleted_client_is_401(own: Own, third: Third, kind: str) -> None:
    path, body = own.path, json.dumps({**own.updated().json(), "client_name": "Another"}).encode()
    headers = {**own.headers, "Content-Type": "application/json"}
    if kind == "ApplicationInformation":
        path = f"{ESPI_APPLICATION}/{own.registered['client_id']}"
        body = own.http.get(path, headers=own.headers).content
        headers["Content-Type"] = "application/atom+xml"
    app = app_around(third.sandbox)
    answer = sent_in_halves(
        app, "PUT", path, body, headers=headers, between=lambda: own.sends("DELETE").raise_for_status()
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token"), answer.text
    assert "deleted" in answer.json()["error_description"]
    with third.sandbox.reading() as transaction:
        assert transaction.clients.get(id=own.registered["client_id"]).removed is not None


def test_2_2_an_update_preserves_concurrent_changes(own: Own, third: Third) -> None:
    client_id = own.registered["client_id"]
    body = json.dumps({**own.updated().json(), "client_name": "Another"}).encode()
    headers = {**own.headers, "Content-Type": "application/json"}

    def approve() -> None:
        third.http.post(f"/_mock/clients/{client_id}/approve").raise_for_status()

    app = app_around(third.sandbox)
    answer = sent_in_halves(app, "PUT", own.path, body, headers=headers, between=approve)
    assert answer.status_code == 200, answer.text
    with third.sandbox.reading() as transaction:
        client = transaction.clients.get(id=client_id)
    assert (client.company_name, client.approved is None) == ("Another", False)
