"""Magic test users: aliases of test customers, and errors on demand."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from mock_server.actions.connecting.find_customer import find_by_value, find_customer
from mock_server.actions.connecting.single_sign_on import log_in
from mock_server.actions.reading.shares import get_share
from mock_server.domain.errors import AccessDenied
from mock_server.domain.records import Customer
from mock_server.domain.signing_in import find_way
from mock_server.sandbox import Sandbox
from tests.api.calls import call
from tests.journeys.forms import form_with, send
from tests.support import CALLBACK, Third

SCOPE = "FB=4_16;AdditionalScope=auth-test-{}"


def find_by_way(sandbox: Sandbox, name: str, text: str) -> Customer | None:
    way = find_way(name)
    assert way
    return sandbox.read(find_by_value, way, text)


def authorize(third: Third, scenario: str, redirect_uri: str = CALLBACK) -> dict[str, list[str]]:
    """The parameters of the immediate redirect from an authorize request."""
    scope = quote(SCOPE.format(scenario), safe="")
    query = (
        f"response_type=code&client_id={third.client_id}&redirect_uri={redirect_uri}&scope={scope}&state=s"
    )
    answer = third.http.get(f"/DataCustodian/oauth/authorize?{query}")
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(redirect_uri)
    return parse_qs(urlsplit(answer.headers["location"]).query)


def test_an_alias_has_the_originals_data_and_its_own_identifiers(sandbox: Sandbox, third: Third) -> None:
    third.http.post("/_mock/auto-approve", json={"enabled": True})
    code = authorize(third, "test_residential+mine")["code"][0]
    assert code
    original, mine = (
        sandbox.write(find_customer, "test_residential"),
        sandbox.write(find_customer, "test_residential+mine"),
    )
    assert original is not None
    assert mine is not None
    services = [service for _, service in mine.services()]
    assert services == [service for _, service in original.services()]
    assert {account.number for account in mine.accounts}.isdisjoint(
        account.number for account in original.accounts
    )
    assert (mine.email, mine.name) == ("heather.homeowner+mine@example.com", original.name)
    assert mine.phone != original.phone


def test_look_ups_distinguish_aliases_and_the_original(sandbox: Sandbox) -> None:
    first, other = (
        sandbox.write(find_customer, "test_residential+1"),
        sandbox.write(find_customer, "test_residential+2"),
    )
    original = sandbox.write(find_customer, "test_residential")
    assert first is not None
    assert other is not None
    assert original is not None
    for name, value in (
        ("email", original.email),
        ("phone", original.phone),
        ("account", original.accounts[0].number),
        ("address", "111 ANYWHERE ST ANYTOWN NY 12345"),
    ):
        assert find_by_way(sandbox, name, value) == original
    assert find_by_way(sandbox, "email", first.email) == first
    assert find_by_way(sandbox, "account", other.accounts[0].number) == other
    assert sandbox.write(find_customer, "test_residential+1") == first


def test_an_alias_logs_in_with_the_originals_password(sandbox: Sandbox) -> None:
    session, _ = sandbox.write(log_in, username="test_residential+mine", password="test_residential")
    assert session.customer_id == "test_residential+mine"
    with pytest.raises(AccessDenied):
        sandbox.write(log_in, username="test_residential+mine", password="other")


def test_a_space_counts_as_a_plus(sandbox: Sandbox) -> None:
    assert sandbox.write(find_customer, "test_residential mine") == sandbox.read(
        find_customer, "test_residential+mine"
    )


@pytest.mark.parametrize(
    "name", ["real_customer+x", "nobody+x", "test_residential+", "test_residential+a/b", "+x"]
)
def test_only_test_customers_have_aliases(sandbox: Sandbox, name: str) -> None:
    assert sandbox.write(find_customer, name) is None


def test_an_alias_has_the_originals_services(sandbox: Sandbox, third: Third) -> None:
    uids = [
        third.approval(name, SCOPE.format(name)).authorization.uid for name in ("test_solar", "test_solar+x")
    ]
    first, second = (sandbox.read(get_share, uid) for uid in uids)
    assert [meter.service for meter in first.meters] == [meter.service for meter in second.meters]


@pytest.mark.parametrize(
    "code",
    ["access_denied", "invalid_scope", "server_error", "temporarily_unavailable", "unauthorized_client"],
)
def test_a_test_user_triggers_an_error(third: Third, code: str) -> None:
    answer = authorize(third, f"test_error_{code}")
    assert (answer["error"], answer["state"]) == ([code], ["s"])
    assert "code" not in answer


def test_an_unknown_error_name_matches_no_user(third: Third) -> None:
    scope = quote(SCOPE.format("test_error_of_mine"), safe="")
    query = f"response_type=code&client_id={third.client_id}&redirect_uri={CALLBACK}&scope={scope}"
    assert third.http.get(f"/DataCustodian/oauth/authorize?{query}").status_code == 303


def test_a_test_submit_accepts_errors_and_aliases(third: Third) -> None:
    form = call(third, "POST", "forms", body={})[1]["uid"]
    path = f"forms/{form}/test-submit"
    status, result = call(
        third, "POST", path, body={"utility": "DEMOUTILITY", "scenario": "test_error_access_denied"}
    )
    assert (status, result["error"]) == (403, "access_denied")
    body = {"utility": "DEMOUTILITY", "scenario": "test_commercial+1"}
    assert call(third, "POST", path, body=body)[0] == 200


@pytest.mark.parametrize("code", ["access_denied", "server_error"])
def test_a_login_can_end_with_an_error(third: Third, code: str) -> None:
    """A user name at the provider's form selects the error; the client gets it, and no other way is offered."""
    query = {
        "response_type": "code",
        "client_id": third.client_id,
        "redirect_uri": CALLBACK,
        "scope": "FB=4",
        "state": "s",
    }
    http = third.http
    answer = http.get("/oauth/authorize", params=query)
    while answer.is_redirect:
        answer = http.get(answer.headers["location"])
    form = form_with(answer.text, "username")
    answer = send(http, answer, form, username=f"test_error_{code}", password="any")
    while answer.is_redirect and not answer.headers["location"].startswith(CALLBACK):
        answer = http.get(answer.headers["location"])
    result = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (result["error"], result["state"]) == ([code], ["s"])
