"""Which token may read which Green Button URL, and what its scope includes (ESPI 4.0 §1.8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.randomness import fingerprint
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, entries, parse
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SHORT = "FB={};HistoryLength=4000000;AdditionalScope=auth-test-test_residential"
PATHS = {
    "batch": "/Batch/Subscription/{uid}",
    "batch of a meter": "/Batch/Subscription/{uid}/UsagePoint/{meter}",
    "usage points": "/Subscription/{uid}/UsagePoint",
    "usage point": "/Subscription/{uid}/UsagePoint/{meter}",
    "customer": "/Batch/RetailCustomer/{uid}",
    "authorizations": "/Authorization",
    "authorization": "/Authorization/{uid}",
    "application": "/ApplicationInformation/{client}",
    "status": "/ReadServiceStatus",
}


@pytest.fixture(scope="module", params=["utilityapi", "certification"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(dialect: str) -> Settings:
    return read_settings({"clock": NOON, "dialect": dialect})


@pytest.mark.parametrize("path", PATHS.values())
def test_a_request_without_a_token_learns_how_to_send_one(third: Third, path: str, dialect: str) -> None:
    names = {"uid": "500001", "meter": "1500001", "client": third.client_id}
    response = third.http.get(R + path.format(**names))
    assert response.status_code == (403 if dialect == "certification" else 401)
    assert response.headers["www-authenticate"] == 'Bearer realm="DEMOUTILITY"'
    assert "Authorization: Bearer" in response.json()["error_description"]


def _replaced(third: Third, sandbox: Sandbox) -> str:
    issued = third.tokens(scope=SHORT.format("4"))
    sandbox.write(refresh, third.client, refresh_token=issued.refresh_token or "", scope=None)
    return issued.access_token


def _expired(third: Third, sandbox: Sandbox) -> str:
    token = third.tokens(scope=SHORT.format("4")).access_token
    sandbox.write_alone(advance_clock, timedelta(hours=1))
    return token


def _refresh_token(third: Third, _sandbox: Sandbox) -> str:
    return third.tokens(scope=SHORT.format("4")).refresh_token or ""


def _expired_authorization(third: Third, sandbox: Sandbox) -> str:
    issued = third.tokens(scope=SHORT.format("4"))
    sandbox.write(expire, issued.authorization.uid)
    return issued.access_token


@pytest.mark.parametrize(
    "make",
    [
        lambda _third, _sandbox: "null",
        lambda _third, _sandbox: "f" * 64,
        lambda _third, _sandbox: fingerprint("x") * 100,
        _replaced,
        _expired,
        _refresh_token,
        _expired_authorization,
    ],
    ids=["null", "unknown", "long", "replaced by refresh", "expired", "refresh token", "ended authorization"],
)
def test_an_invalid_token_gets_401_with_the_reason(
    third: Third, sandbox: Sandbox, make: Callable[[Third, Sandbox], str]
) -> None:
    response = third.get(f"{R}/Batch/Subscription/500001", make(third, sandbox))
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert response.json()["error"] == "invalid_token"
    assert len(response.json()["error_description"]) > 30


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer  ", "token"])
def test_a_scheme_other_than_bearer_gets_401(third: Third, header: str) -> None:
    response = third.http.get(f"{R}/ReadServiceStatus", headers={"Authorization": header})
    assert response.status_code == 401


def test_a_revoked_authorization_gives_403_to_its_token_and_to_the_api_token(
    third: Third, sandbox: Sandbox
) -> None:
    issued = third.tokens(scope=SHORT.format("4"))
    sandbox.write(revoke, issued.authorization.uid)
    for token in (issued.access_token, third.client.api_token):
        response = third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", token)
        assert response.status_code == 403
        assert "revoked" in response.json()["error_description"]


def test_another_customers_subscription_gives_403_and_an_unknown_one_404(third: Third) -> None:
    first = third.tokens(scope=SHORT.format("4"))
    second = third.tokens(scope=SHORT.format("4"))
    path = f"{R}/Batch/Subscription/{first.authorization.uid}"
    assert third.get(path, second.access_token).status_code == 403
    for uid in ("599999", "x", "5" * 300, "%00", "%D9%A1", "0500001"):
        assert third.get(f"{R}/Batch/Subscription/{uid}", second.access_token).status_code == 404


def test_another_clients_authorization_is_invisible(third: Third, sandbox: Sandbox) -> None:
    uid = third.tokens(scope=SHORT.format("4")).authorization.uid
    other = Third(sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    token = other.client_token()
    assert third.get(f"{R}/Authorization/{uid}", token).status_code == 404
    assert entries(parse(third.get(f"{R}/Authorization", token).content), "Authorization") == []
    assert third.get(f"{R}/Batch/Subscription/{uid}", other.client.api_token).status_code == 403
    application = f"{R}/ApplicationInformation/{third.client_id}"
    assert third.get(application, other.client.registration_access_token).status_code == 403


def test_an_unknown_usage_point_gives_404(third: Third) -> None:
    issued = third.tokens(scope=SHORT.format("4"))
    for uid in ("1599999", "x"):
        path = f"{R}/Subscription/{issued.authorization.uid}/UsagePoint/{uid}"
        assert third.get(path, issued.access_token).status_code == 404


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ("4", {"MeterReading", "ReadingType", "IntervalBlock"}),
        ("16", {"UsageSummary"}),
        ("51", set()),
        ("4_16", {"MeterReading", "ReadingType", "IntervalBlock", "UsageSummary"}),
    ],
)
def test_the_scope_determines_the_entries(third: Third, blocks: str, expected: set[str]) -> None:
    issued = third.tokens(scope=SHORT.format(blocks))
    root = parse(third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token).content)
    titles = {entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")}
    assert titles == {"UsagePoint", "LocalTimeParameters"} | expected
    links = {str(link.get("href")).rsplit("/", 1)[-1] for link in root.iter(f"{ATOM}link")}
    assert ("MeterReading" in links) == ("MeterReading" in expected)
    assert ("UsageSummary" in links) == ("UsageSummary" in expected)
    customer = third.get(f"{R}/Batch/RetailCustomer/{issued.authorization.uid}", issued.access_token)
    assert customer.status_code == (200 if "51" in blocks else 403)
    if "51" not in blocks:
        assert "FB=51" in customer.json()["error_description"]


def test_no_history_means_nothing_before_today(third: Third, sandbox: Sandbox) -> None:
    scope = "FB=4_16;AdditionalScope=historical-none_auth-test-test_residential"
    issued = third.tokens(scope=scope)
    path = f"{R}/Batch/Subscription/{issued.authorization.uid}"
    assert entries(parse(third.get(path, issued.access_token).content), "IntervalBlock") == []
    sandbox.write_alone(advance_clock, timedelta(minutes=59))
    assert entries(parse(third.get(path, issued.access_token).content), "IntervalBlock") == []
    sandbox.write_alone(advance_clock, timedelta(hours=8))
    fresh = sandbox.write(refresh, third.client, refresh_token=issued.refresh_token or "", scope=None)
    blocks = entries(parse(third.get(path, fresh.access_token).content), "IntervalBlock")
    assert len(blocks) == 3, "one for each service"
