"""Being somebody else: another client, another class of token, more scope than granted (RFC 6749 §10.2 to §10.4)."""

from itertools import product

import pytest

from mock_server.actions.tokens.issue import IssuedTokens
from tests.oauth.calls import call, is_refusal, reads, refresh
from tests.support import Third

RESOURCE = "/DataCustodian/espi/1_1/resource"


@pytest.fixture
def other(third: Third) -> Third:
    """Another company, live and on good terms with the utility."""
    return Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")


@pytest.mark.parametrize("endpoint", ["token", "revoke", "introspect"])
def test_an_id_alone_is_no_client_with_a_secret(third: Third, endpoint: str) -> None:
    tokens = third.tokens()
    form = {"client_id": third.client_id, "token": tokens.access_token, "grant_type": "client_credentials"}
    answer = third.http.post(f"/oauth/{endpoint}", data=form)
    assert is_refusal(answer, 401, "invalid_client")
    assert reads(third, tokens.access_token) == 200


def test_one_clients_secret_is_not_anothers(third: Third, other: Third) -> None:
    answer = third.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(other.client_id, third.client.secret)
    )
    assert is_refusal(answer, 401, "invalid_client")


def test_a_public_client_has_no_secret_that_could_be_guessed(third: Third) -> None:
    for secret in ("", "x"):
        form = {"grant_type": "client_credentials"}
        answer = third.http.post("/oauth/token", data=form, auth=("DEMOUTILITY_publicapp", secret))
        assert answer.status_code in (400, 401)


def test_another_clients_refresh_token_refreshes_nothing(third: Third, other: Third) -> None:
    tokens = third.tokens()
    assert is_refusal(refresh(other, tokens.refresh_token or ""), 400, "invalid_grant", "issued to")
    assert reads(third, tokens.access_token) == 200


def test_another_clients_tokens_cannot_be_revoked_or_requested_about(third: Third, other: Third) -> None:
    tokens = third.tokens()
    for token in (tokens.access_token, tokens.refresh_token or ""):
        call(other, "revoke", token=token)
        assert call(other, "introspect", token=token).json() == {"active": False}
    assert reads(third, tokens.access_token) == 200
    assert refresh(third, tokens.refresh_token or "").status_code == 200


def test_another_clients_data_is_not_there(third: Third, other: Third) -> None:
    uid = third.tokens().authorization.uid
    foreign = [
        f"{RESOURCE}/Batch/Subscription/{uid}",
        f"{RESOURCE}/Subscription/{uid}/UsagePoint",
        f"{RESOURCE}/Batch/RetailCustomer/{uid}",
        f"{RESOURCE}/Authorization/{uid}",
        f"{RESOURCE}/ApplicationInformation/{third.client_id}",
        f"{RESOURCE}/Batch/Bulk/{third.client_id}",
        f"/api/v2/authorizations/{uid}",
        f"/api/v2/meters?authorizations={uid}",
    ]
    for path, token in product(foreign, (other.client.api_token, other.client_token())):
        answer = other.get(path, token)
        assert answer.status_code in (400, 401, 403, 404) or answer.json()["meters"] == [], path


def test_a_registration_is_changed_by_its_own_client_alone(third: Third, other: Third) -> None:
    before = third.client
    path = f"{RESOURCE}/ApplicationInformation/{third.client_id}"
    own = third.get(path, third.client.registration_access_token)
    for token in (
        other.client.registration_access_token,
        other.client_token("FB=36_40"),
        other.client.api_token,
    ):
        answer = third.http.put(
            path,
            content=own.content.replace(b"Test Company", b"Taken Over"),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/atom+xml"},
        )
        assert answer.status_code in (403, 404)
    assert third.client == before


def of_each_class(third: Third, tokens: IssuedTokens) -> dict[str, str]:
    return {
        "access": tokens.access_token,
        "refresh": tokens.refresh_token or "",
        "client": third.client_token(),
        "registration": third.client.registration_access_token,
        "api": third.client.api_token,
        "secret": third.client.secret,
        "webhook": third.client.webhook_secret,
    }


def test_each_door_opens_for_its_own_class_of_token_alone(third: Third) -> None:
    tokens = third.tokens()
    uid = tokens.authorization.uid
    doors = {
        f"{RESOURCE}/Batch/Subscription/{uid}": {"access", "api"},
        f"{RESOURCE}/Subscription/{uid}/UsagePoint": {"access", "api"},
        f"{RESOURCE}/ApplicationInformation/{third.client_id}": {"registration", "api"},
        "/api/v2/authorizations": {"access", "api"},
        "/sso/userinfo": set(),
    }
    for path, opening in doors.items():
        found = {
            name for name, token in of_each_class(third, tokens).items() if third.get(path, token).is_success
        }
        assert found == opening, path


def test_no_other_secret_is_a_refresh_token_or_a_code(third: Third) -> None:
    tokens = third.tokens()
    for name, token in of_each_class(third, tokens).items():
        if name != "refresh":
            assert is_refusal(refresh(third, token), 400, "invalid_grant")
        as_code = call(third, "token", grant_type="authorization_code", code=token, redirect_uri="x")
        assert is_refusal(as_code, 400, "invalid_grant")


@pytest.mark.parametrize(
    "wider",
    [
        "FB=4_5_15_16_51",
        "FB=4_16_51;HistoryLength=2147483647",
        "FB=4_16_51;AdditionalScope=auth-test-test_commercial",
        "FB=4_16_51 FB=39",
    ],
)
def test_a_refresh_widens_nothing(third: Third, wider: str) -> None:
    tokens = third.tokens()
    granted = call(third, "introspect", token=tokens.access_token).json()["scope"]
    answer = refresh(third, tokens.refresh_token or "", scope=wider)
    assert is_refusal(answer, 400, "invalid_scope")
    again = refresh(third, tokens.refresh_token or "").json()
    assert again["scope"] == granted
