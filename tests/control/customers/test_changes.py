"""Renumbering, exchanging a meter and moving out: what changes, what stays, what is refused."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest

from mock_server.actions.connecting.find_customer import find_by_key
from mock_server.actions.sandboxes.customer_changes import renumber_account
from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.domain.errors import MockServerError
from mock_server.domain.signing_in.account import ACCOUNT_NUMBER
from mock_server.sandbox import Sandbox
from tests.support import Third

LIFE = "/_mock/customers/test_residential"


def changed(http: httpx.Client, what: str, body: Any = None) -> dict[str, Any]:
    answer = http.post(f"{LIFE}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["customer"]


def test_an_account_is_found_only_by_its_new_number(third: Third) -> None:
    result = changed(third.http, "renumber")
    number = result["accounts"][0]["number"]
    assert number != "111111111-1"
    assert result["last_bill"]["account_number"] == number
    found = third.sandbox.read(find_by_key, ACCOUNT_NUMBER, number)
    assert found is not None
    assert third.sandbox.read(find_by_key, ACCOUNT_NUMBER, "111111111-1") is None


def test_only_the_given_account_is_renumbered(http: httpx.Client) -> None:
    body = {"account": "222222222-3", "number": "7-7"}
    answer = http.post("/_mock/customers/test_commercial/renumber", json=body)
    result = answer.json()["customer"]
    assert [one["number"] for one in result["accounts"]] == ["222222222-2", "7-7"]
    assert result["last_bill"]["account_number"] == "222222222-2"


def test_only_the_meter_of_the_given_service_is_exchanged(http: httpx.Client) -> None:
    before = http.get("/_mock/customers").json()["customers"][0]["accounts"][0]["services"]
    result = changed(http, "exchange-meter", {"service": before[1]["id"]})["accounts"][0]["services"]
    serials = [(old["meter_serial"], new["meter_serial"]) for old, new in zip(before, result, strict=True)]
    assert [old != new for old, new in serials] == [False, True, False]


def test_moving_out_again_changes_nothing(http: httpx.Client) -> None:
    first = changed(http, "move-out")
    http.post("/_mock/clock/advance", json={"by": "P1D"})
    assert changed(http, "move-out") == first


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        ("nobody/move-out", None, 404, "nobody"),
        ("test_residential/renumber", {"account": "1"}, 404, "111111111-1"),
        ("test_residential/renumber", {"number": "222222222-2"}, 409, "already in use"),
        ("test_residential/renumber", {"number": " 1"}, 400, "letters, digits and hyphens"),
        ("test_residential/renumber", {"number": "=1+1"}, 400, "letters, digits and hyphens"),
        ("test_residential/renumber", {"number": "-1"}, 400, "letters, digits and hyphens"),
        ("test_residential/renumber", {"number": "1" * 65}, 400, "up to 64"),
        ("test_residential/renumber", {"number": "1\n"}, 400, "letters, digits and hyphens"),
        ("test_residential/renumber", {"numbr": "1"}, 400, "numbr"),
        ("test_residential/exchange-meter", {"serial": "\x01=1+1"}, 400, "serial"),
        ("test_residential/exchange-meter", {"service": "1"}, 404, "Its services"),
        ("test_gaps/exchange-meter", None, 409, "was exchanged on 2025-10-14"),
        (
            "test_gaps/exchange-meter",
            {"service": "55200-00000", "serial": "5510000001"},
            409,
            "Another meter",
        ),
        ("test_empty/exchange-meter", None, 404, "none"),
    ],
)
def test_an_impossible_change_is_refused(
    http: httpx.Client, path: str, body: Any, status: int, word: str
) -> None:
    answer = http.post(f"/_mock/customers/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert word in answer.json()["error_description"]


@pytest.mark.parametrize("expires", ["2026-03-15T16:00:00Z", "2020-01-01T00:00:00Z", "9000-01-01T00:00:00Z"])
def test_an_expiry_in_the_past_or_after_the_current_one_is_refused(third: Third, expires: str) -> None:
    third.tokens(scope="FB=4;DurationExpires=86400;AdditionalScope=auth-test-test_residential")
    (found,) = third.http.get("/_mock/authorizations").json()["authorizations"]
    answer = third.http.post(f"/_mock/authorizations/{found['uid']}/shorten", json={"expires": expires})
    assert answer.status_code == 400
    assert "before the current end" in answer.json()["error_description"]
    (still,) = third.http.get("/_mock/authorizations").json()["authorizations"]
    assert still["expires"] == found["expires"]


RACERS = 8


def at_once(work: Callable[[int], object]) -> list[str]:
    """Run the work in eight threads at once; returns the error code of each, empty for success."""
    outcomes, barrier = [""] * RACERS, Barrier(RACERS)

    def run(place: int) -> None:
        barrier.wait()
        try:
            work(place)
        except MockServerError as error:
            outcomes[place] = error.code

    racers = [Thread(target=run, args=(place,)) for place in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return outcomes


def test_of_simultaneous_renumberings_the_last_one_wins(sandbox: Sandbox) -> None:
    def renumber(place: int) -> None:
        sandbox.attempt(sandbox.write_alone, renumber_account, "test_residential", number=f"99-{place}")

    assert at_once(renumber) == [""] * RACERS
    with sandbox.reading() as transaction:
        customer = transaction.customers.get(id="test_residential")
        found = transaction.look_ups.list(customer_id="test_residential", kind="account")
    assert [one.value for one in found] == [one.number for one in customer.accounts]


def test_a_number_requested_simultaneously_is_given_once(sandbox: Sandbox) -> None:
    with sandbox.reading() as transaction:
        names = [one.id for one in transaction.customers.list() if one.accounts]

    def renumber(place: int) -> None:
        sandbox.attempt(sandbox.write_alone, renumber_account, names[place % len(names)], number="99-1")

    assert sorted(at_once(renumber)) == [""] + ["conflict"] * (RACERS - 1)
    with sandbox.reading() as transaction:
        assert len(transaction.look_ups.list(kind="account", value="99-1")) == 1


def test_simultaneous_first_tokens_of_a_client_create_one_authorization(third: Third) -> None:
    client = third.client

    def issue_token(_place: int) -> None:
        third.sandbox.attempt(third.sandbox.write, issue_client_token, client, scope="FB=34_35")

    assert at_once(issue_token) == [""] * RACERS
    with third.sandbox.reading() as transaction:
        assert len(transaction.authorizations.list(client_id=client.id, kind="client")) == 1
