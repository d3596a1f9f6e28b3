"""FB_14 Authorization: the authorize endpoint without a session, the token endpoint's refusals, classes of tokens."""

from datetime import timedelta

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.certification.suite import SCOPE, TOKEN, Suite, path_of, text, valid
from tests.espi.documents import ESPI
from tests.support import CALLBACK

AUTHORIZE = "/DataCustodian/oauth/authorize"
CLIENT = "client_id=DEMOUTILITY_ccccccccc"
BACK = f"redirect_uri={CALLBACK}"
GRANT = "grant_type=authorization_code"
ANSWER_FIELDS = ("access_token", "token_type", "expires_in", "scope", "resourceURI", "authorizationURI")


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        pytest.param(f"scope=&{CLIENT}&{BACK}&state=1", {302}, id="OAD001-0 no response_type"),
        pytest.param(f"scope=&response_type=code&{BACK}&state=1", {401}, id="OAD001-1 no client_id"),
        pytest.param(
            f"scope=&response_type=x&{CLIENT}&{BACK}&state=1", {302}, id="OAD001-2 bad response_type"
        ),
        pytest.param(
            f"scope=&response_type=code&client_id=nobody&{BACK}&state=1",
            {401},
            id="OAD001-3 unknown client_id",
        ),
        pytest.param(
            f"scope=&response_type=code&{CLIENT}&redirect_uri=https://services.greenbuttondata.org&state=1",
            {401, 403},
            id="OAD001-4 unregistered redirect_uri",
        ),
        pytest.param(
            f"response_type=code&{CLIENT}&{BACK}&&scope=FB=????&state=1", {302}, id="OAD001-5 malformed scope"
        ),
    ],
)
def test_oad001_a_mistake_is_reported_before_anybody_logs_in(
    suite: Suite, query: str, statuses: set[int]
) -> None:
    answer = suite.third.http.get(f"{AUTHORIZE}?{query}")
    assert answer.status_code in statuses
    if answer.status_code == 302:
        location = answer.headers["location"]
        assert location.startswith(CALLBACK)
        assert "error=" in location
        assert "code=" not in location


def test_oad002_a_customer_who_declines_is_reported_as_access_denied(suite: Suite) -> None:
    declining = {"enabled": True, "times": 1, "decision": "decline"}
    assert suite.third.http.post("/_mock/auto-approve", json=declining).status_code == 200
    answer = suite.third.http.get(f"{AUTHORIZE}?response_type=code&{CLIENT}&{BACK}&scope={SCOPE}&state=a b")
    query = answer.headers["location"].partition("?")[2]
    assert "error=access_denied" in query
    assert query.endswith("state=a%20b")


def test_a_redirect_has_the_code_first_and_the_state_last(suite: Suite) -> None:
    """The suite cuts them out by hand: from `code=` to the first ampersand, from `state=` to the end."""
    assert suite.third.http.post("/_mock/auto-approve", json={"enabled": True, "times": 1}).status_code == 200
    answer = suite.third.http.get(f"{AUTHORIZE}?response_type=code&{CLIENT}&{BACK}&scope={SCOPE}&state=x;y=z")
    address, _, query = answer.headers["location"].partition("?")
    assert answer.status_code == 302
    assert address == CALLBACK
    assert query.startswith("code=")
    assert query.partition("state=")[2] == "x;y=z"
    code = query.removeprefix("code=").partition("&")[0]
    assert suite.post(f"{GRANT}&code={code}&{BACK}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("header", ["Basic ", "Basic bad value", "Basic", None])
def test_oad003_bad_credentials_give_401(suite: Suite, method: str, header: str | None) -> None:
    code = suite.third.approval(scope=SCOPE).code
    headers = {"Authorization": header} if header else {}
    answer = suite.third.http.request(method, f"{TOKEN}?{GRANT}&code={code}&{BACK}", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("code={code}&{back}", id="OAD003-2 no grant_type"),
        pytest.param("{grant}&{back}", id="OAD003-3 no code"),
        pytest.param("{grant}&code={code}", id="OAD003-4 no redirect_uri"),
        pytest.param("{grant}&code={code}&{back}?client_id=x", id="OAD003-5 redirect_uri with a query"),
        pytest.param(
            "{grant}&code={code}&redirect_uri=https://other.example/", id="OAD003-6 other redirect_uri"
        ),
        pytest.param("{grant}&code=invalid&{back}", id="OAD003-7 invalid code"),
    ],
)
def test_oad003_a_bad_exchange_gives_400(suite: Suite, method: str, query: str) -> None:
    code = suite.third.approval(scope=SCOPE).code
    requested = query.format(code=code, back=BACK, grant=GRANT)
    answer = suite.third.http.request(method, f"{TOKEN}?{requested}", headers=suite.basic())
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_request", "invalid_grant")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_oad003_8_a_code_of_six_minutes_ago_is_refused(suite: Suite, sandbox: Sandbox, method: str) -> None:
    code = suite.third.approval(scope=SCOPE).code
    sandbox.write_alone(advance_clock, timedelta(minutes=6))
    answer = suite.third.http.request(method, f"{TOKEN}?{GRANT}&code={code}&{BACK}", headers=suite.basic())
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_oad004_a_code_is_used_once(suite: Suite, method: str) -> None:
    query = f"{GRANT}&code={suite.third.approval(scope=SCOPE).code}&{BACK}"
    assert suite.post(query).status_code == 200
    answer = suite.third.http.request(method, f"{TOKEN}?{query}", headers=suite.basic())
    assert answer.status_code == 400


def test_oad005_an_exchange_has_every_field(suite: Suite) -> None:
    answer = suite.answer("access")
    assert [name for name in (*ANSWER_FIELDS, "refresh_token") if not answer.get(name)] == []
    assert isinstance(answer["expires_in"], int)


@pytest.mark.parametrize(
    ("address", "token_class", "statuses"),
    [
        pytest.param(address, token_class, statuses, id=f"{number} {token_class}")
        for number, address, classes, statuses in (
            ("OAD006", "application", ("client", "access", "none"), {401, 403}),
            ("OAD007", "authorization", ("registration", "access", "none"), {401, 403}),
            ("OAD008", "authorizations", ("registration", "access", "none"), {401, 403}),
            ("OAD009", "batch", ("registration", "client", "none"), {403}),
            ("OAD010", "status", ("registration", "access", "none"), {401, 403}),
        )
        for token_class in classes
    ],
)
def test_a_token_of_another_class_opens_nothing(
    suite: Suite, address: str, token_class: str, statuses: set[int]
) -> None:
    assert suite.get(suite.addresses[address], token_class).status_code in statuses


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("?refresh_token={token}", id="OAD011-0 no grant_type"),
        pytest.param("?grant_type=refresh_token", id="OAD011-1 no refresh_token"),
        pytest.param("?grant_type=refresh_token&refresh_token={token}&scope=Read/Write", id="OAD011-2 scope"),
    ],
)
def test_oad011_a_bad_refresh_gives_400(suite: Suite, body: str) -> None:
    sent = body.format(token=suite.answer("access")["refresh_token"])
    headers = {**suite.basic(), "Content-Type": "application/x-www-form-urlencoded"}
    assert suite.third.http.post(TOKEN, content=sent, headers=headers).status_code == 400
    assert suite.third.http.post(TOKEN, content=sent[1:], headers=headers).status_code == 400


def test_oad012_and_013_a_refresh_replaces_the_access_token(suite: Suite) -> None:
    first = suite.answer("access")
    refreshed = suite.post(f"grant_type=refresh_token&refresh_token={first['refresh_token']}")
    assert refreshed.status_code == 200
    fresh = refreshed.json()
    assert [name for name in (*ANSWER_FIELDS, "refresh_token") if not fresh.get(name)] == []
    assert fresh["access_token"] != first["access_token"]
    assert {name: fresh[name] for name in ("scope", "resourceURI", "authorizationURI")} == {
        name: first[name] for name in ("scope", "resourceURI", "authorizationURI")
    }
    assert suite.get(first["resourceURI"], "access").status_code == 401, "OAD013"
    nothing = {"Authorization": "Bearer null"}
    assert suite.third.http.get(path_of(first["resourceURI"]), headers=nothing).status_code == 401
    suite.answers["access"] = fresh
    assert suite.get(fresh["resourceURI"], "access").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("scope=FB=4_5_15", id="OAD014-0 no grant_type"),
        pytest.param("grant_type=client_credentials&scope=FB=read/write", id="OAD014-1 malformed scope"),
    ],
)
def test_oad014_a_bad_request_for_a_client_token_gives_400(suite: Suite, query: str) -> None:
    assert suite.post(query).status_code == 400


def test_oad014_the_registration_names_everything(suite: Suite) -> None:
    root = valid(suite.get(suite.addresses["application"], "registration"))
    names = """dataCustodianId dataCustodianApplicationStatus thirdPartyNotifyUri
    authorizationServerAuthorizationEndpoint authorizationServerTokenEndpoint dataCustodianBulkRequestURI
    dataCustodianResourceEndpoint thirdPartyScopeSelectionScreenURI thirdPartyUserPortalScreenURI client_secret
    client_name client_uri client_id software_id software_version client_id_issued_at client_secret_expires_at
    token_endpoint_auth_method scope"""
    assert [name for name in names.split() if text(root, name) is None] == []
    assert "client_credentials" in [one.text for one in root.iter(f"{ESPI}grant_types")]


@pytest.mark.parametrize("client_id", ["DEMOUTILITY_ccccccccc", "DEMOUTILITY_ccccccccc_admin"])
def test_oad015_a_client_token_comes_without_a_scope_and_without_a_refresh_token(
    suite: Suite, client_id: str
) -> None:
    """The suite forgets to write `scope=`."""
    query = (
        "grant_type=client_credentials&FB=4_5_15;IntervalDuration=3600;BlockDuration=daily;HistoryLength=13"
    )
    answer = suite.post(query, client_id)
    assert answer.status_code == 200
    said = answer.json()
    assert [name for name in ANSWER_FIELDS if not said.get(name)] == []
    assert said.get("refresh_token") is None


def test_oad016_an_expired_token_gives_401(suite: Suite, sandbox: Sandbox) -> None:
    answer = suite.answer("access")
    sandbox.write_alone(advance_clock, timedelta(seconds=answer["expires_in"]))
    assert suite.get(answer["resourceURI"], "access").status_code == 401


def test_a_code_of_another_client_gives_400(suite: Suite) -> None:
    """The newer suite's addition to FB_31."""
    code = suite.third.approval(scope=SCOPE).code
    other = Suite(type(suite.third)(suite.third.sandbox, suite.third.http, "DEMOUTILITY_livelive1"))
    assert other.post(f"{GRANT}&code={code}&{BACK}").status_code == 400
