"""Errors that recognise what was sent by mistake, and never contain a secret."""

from base64 import b64encode
from typing import Any

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.support import CALLBACK, SCOPE, Third

TOKEN, AUTHORIZE, METERS = "/oauth/token", "/oauth/authorize", "/api/v2/meters"
OTHER = "DEMOUTILITY_livelive1"


def description(answer: httpx.Response, status: int) -> str:
    """The error_description of a response."""
    assert answer.status_code == status, answer.text
    return answer.json()["error_description"]


def secrets_of(third: Third, **tokens: str) -> dict[str, str]:
    """One secret of each kind, by its name in error sentences."""
    issued = third.tokens()
    client = third.client
    assert issued.refresh_token is not None
    return {
        "access token": issued.access_token,
        "refresh token": issued.refresh_token,
        "client token": third.client_token(),
        "registration token": client.registration_access_token,
        "JSON API token": client.api_token,
        "authorization code": third.approval().code,
        "client's secret": client.secret,
    }


def ask(third: Third, **form: str) -> httpx.Response:
    return third.http.post(TOKEN, data=form, auth=(third.client_id, third.client.secret))


def test_a_secret_of_the_wrong_kind_is_recognised(third: Third) -> None:
    for kind, secret in secrets_of(third).items():
        sentences = []
        if kind in ("refresh token", "authorization code", "client's secret"):
            sentences.append(description(third.get(METERS, secret), 401))
        if kind != "refresh token":
            sentences.append(description(ask(third, grant_type="refresh_token", refresh_token=secret), 400))
        if kind != "authorization code":
            form = {"grant_type": "authorization_code", "code": secret, "redirect_uri": CALLBACK}
            sentences.append(description(ask(third, **form), 400))
        assert sentences
        for result in sentences:
            assert kind in result
            assert secret not in result


@pytest.mark.parametrize("form", ['"{}"', "Bearer {}", "<{}>", "'{}'"])
def test_extra_characters_around_a_token_are_reported(third: Third, form: str) -> None:
    token = third.tokens().access_token
    result = description(third.get(METERS, form.format(token)), 401)
    assert "quotes" in result
    assert token not in result


def test_secrets_of_another_sandbox_are_reported(third: Third) -> None:
    granted = third.http.post("/~other/_mock/authorizations", json={"scope": SCOPE, "exchange": True}).json()
    result = description(third.get(METERS, granted["tokens"]["access_token"]), 401)
    assert "sandbox 'other'" in result
    assert "'default'" in result
    code = third.http.post(
        "/~other/_mock/authorizations", json={"scope": SCOPE, "redirect_uri": CALLBACK}
    ).json()["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert "sandbox 'other'" in description(ask(third, **form), 400)
    third.http.post("/~other/_mock/snapshots", json={"name": "kept"})
    third.http.delete("/_mock/sandboxes/other")
    assert "sandbox" not in description(third.get(METERS, granted["tokens"]["access_token"]), 401)


def test_an_unknown_token_is_unknown(third: Third) -> None:
    result = description(third.get(METERS, "0" * 64), 401)
    assert "is unknown" in result
    assert "0" * 64 not in result


@pytest.mark.parametrize("kind", ["code", "refresh_token"])
def test_an_error_about_another_clients_grant_names_both_clients(
    third: Third, sandbox: Sandbox, http: httpx.Client, kind: str
) -> None:
    other = Third(sandbox, http, client_id=OTHER)
    callback = "http://127.0.0.1:8765/callback"
    approval = other.approval(redirect_uri=callback)
    grant: dict[str, Any] = {
        "grant_type": "authorization_code",
        "code": approval.code,
        "redirect_uri": callback,
    }
    if kind == "refresh_token":
        tokens = http.post(TOKEN, data=grant, auth=(OTHER, other.client.secret)).json()
        grant = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    result = description(ask(third, **grant), 400)
    assert OTHER in result
    assert third.client_id in result


def authenticate(third: Third, client_id: str, secret: str) -> str:
    header = {"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}
    result = description(
        third.http.post(TOKEN, data={"grant_type": "client_credentials"}, headers=header), 401
    )
    assert third.client.secret not in result
    return result


def test_a_swapped_id_and_secret_are_reported(third: Third) -> None:
    assert "swapped" in authenticate(third, third.client.secret, third.client_id)
    assert "client's secret" in authenticate(third, third.client.secret, "x")


def test_an_id_with_wrong_case_is_reported(third: Third) -> None:
    assert third.client_id in authenticate(third, third.client_id.lower(), third.client.secret)
    assert "meant?" not in authenticate(third, "somebody", "x")


def test_a_wrong_secret_is_identified(third: Third, sandbox: Sandbox, http: httpx.Client) -> None:
    client, other = third.client, Third(sandbox, http, client_id=OTHER).client
    cases = {
        client.secret + "\n": "line break",
        other.secret: "another client",
        client.api_token: "JSON API token",
        client.webhook_secret: "webhook secret",
    }
    for secret, part in cases.items():
        result = authenticate(third, client.id, secret)
        assert part in result
        assert secret not in result


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("Basic bWU6c2VjcmV0", "HTTP Basic"),
        ("Bearer", "no token behind"),
        ("8d1f0f4a6c3e4b5d9e7a2c1b0f9e8d7c", "the word Bearer before the token is missing"),
        ("Token abc def", "not a bearer token"),
    ],
)
def test_a_header_without_a_bearer_token_is_identified(http: httpx.Client, header: str, part: str) -> None:
    result = description(http.get(METERS, headers={"Authorization": header}), 401)
    assert part in result
    assert header.partition(" ")[2] not in result or not header.partition(" ")[2]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        (CALLBACK + "/", "the slash at its end"),
        (CALLBACK.replace("callback", "Callback"), "upper and lower case"),
        (CALLBACK.replace("/callback", "%2Fcallback"), "the percent-encoding"),
        (CALLBACK.replace("5000", "5001"), "the port"),
        (CALLBACK.replace("127.0.0.1", "localhost"), "the host"),
        (CALLBACK.replace("http:", "https:"), "the scheme"),
        (CALLBACK + "?a=b", "the query"),
    ],
)
def test_the_differing_part_of_a_redirect_uri_is_reported(third: Third, changed: str, part: str) -> None:
    form = {"grant_type": "authorization_code", "code": third.approval().code, "redirect_uri": changed}
    assert f"They differ only in {part}" in description(ask(third, **form), 400)
    with third.sandbox.writing() as transaction:
        transaction.clients.change({"id": third.client_id}, redirect_uris=(CALLBACK,), allows_loopback=False)
    page = third.http.get(AUTHORIZE, params={"client_id": third.client_id, "redirect_uri": changed})
    assert page.status_code == 403
    assert "It differs from " in page.text
    assert f" only in {part}" in page.text


def test_no_difference_is_reported_for_an_unrelated_redirect_uri(third: Third) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": third.approval().code,
        "redirect_uri": "https://a.b/c",
    }
    assert "differ in" not in description(ask(third, **form), 400)
