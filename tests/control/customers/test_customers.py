"""Generated customers: they are plausible and can sign in at once; errors name the invalid field."""

import json
from typing import Any

import httpx
import pytest

from mock_server.sandbox import Sandbox
from mock_server.testing.server import MockServer, RequestRefused
from tests.journeys.stories import NEEDS_CODE, WAYS
from tests.pages.visitor import Visitor
from tests.support import Third

KINDS = ["electric", "gas", "water"]


def create(http: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = http.post("/_mock/customers", json=fields)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()["customer"]
    return created


def kinds_of(customer: dict[str, Any]) -> list[str]:
    return [service["kind"] for account in customer["accounts"] for service in account["services"]]


def answers(customer: dict[str, Any], way: str) -> dict[str, str]:
    """What the customer enters to sign in."""
    bill = customer["last_bill"]
    return {
        "sso": {"username": customer["id"], "password": customer["password"]},
        "account": {"account": customer["accounts"][0]["number"]},
        "phone": {"phone": customer["phone"]},
        "email": {"email": customer["email"]},
        "address": {"address": customer["address"]},
        "lastbill": {
            "account": bill["account_number"],
            "amount": bill["amount"],
            "date": bill["statement_date"],
        },
        "test": {"scenario": customer["id"]},
    }[way]


@pytest.mark.parametrize("way", WAYS)
def test_a_new_customer_can_sign_in_by_every_way_at_once(
    sandbox: Sandbox, http: httpx.Client, way: str
) -> None:
    customer = create(http)
    visitor = Visitor.arrives(sandbox, scope=f"FB=4_16_51;AdditionalScope=auth-{way}")
    typed = answers(customer, way)
    visitor.sends(*typed, **typed)
    if way in NEEDS_CODE:
        visitor.sends(channel="text")
        visitor.sends(code=http.get("/_mock/messages").json()["messages"][0]["code"])
    assert "decision" in visitor.page.text
    assert customer["name"] in visitor.page.text


def test_the_default_is_a_household_with_three_services(http: httpx.Client) -> None:
    customer = create(http)
    assert (customer["id"], customer["password"], customer["kind"]) == (
        "made_up_1",
        "made_up_1",
        "residential",
    )
    assert kinds_of(customer) == KINDS
    assert customer["is_test_account"] is True
    assert http.post("/_mock/customers").json()["customer"]["id"] == "made_up_2", "the body is optional"


def test_the_given_fields_are_stored(http: httpx.Client) -> None:
    address = {"street": "1 FIRST ST", "city": "ANYTOWN", "state": "NY", "postal_code": "14990"}
    given = {
        "id": "mine",
        "password": "p w",
        "name": "Zoë 北京",
        "kind": "commercial",
        "about": "Mine.",
        "is_test_account": False,
        "phone": "+15185550199",
        "email": "Zoe@example.com",
        "time_zone": "America/Chicago",
    }
    accounts = [
        {"number": "77-7", "read_day": 9, "services": [{"kind": "electric", "generation_kw": 5, "count": 2}]},
        {"services": [{"kind": "gas", "daily_usage": "3.5", "tariff": "RES-GAS", "profile": "home-gas"}]},
    ]
    made = create(http, **given, address=address, accounts=accounts)
    assert {name: made[name] for name in given} == given
    assert made["address"] == "1 FIRST ST, ANYTOWN, NY 14990"
    assert kinds_of(made) == ["electric", "electric", "gas"]
    first, second = made["accounts"]
    assert (first["number"], first["read_day"], second["services"][0]["tariff"]) == ("77-7", 9, "RES-GAS")
    assert [one["has_generation"] for one in first["services"]] == [True, True]


def test_services_without_accounts_belong_to_one_account(http: httpx.Client) -> None:
    customer = create(http, services=[{"kind": "water", "count": 3}])
    assert kinds_of(customer) == ["water"] * 3
    assert len(customer["accounts"]) == 1
    empty = create(http, accounts=[])
    assert (empty["accounts"], empty["last_bill"], empty["address"]) == ([], None, None)


def test_the_same_specification_generates_the_same_customer_after_a_reset(http: httpx.Client) -> None:
    first = [create(http, id="mine"), create(http, kind="commercial")]
    http.post("/_mock/reset")
    again = [create(http, kind="commercial"), create(http, id="mine")]
    assert again == first[::-1], "whatever the order"
    assert first[0]["phone"] != first[1]["phone"]


def test_they_are_listed_and_deleted_by_a_reset(http: httpx.Client) -> None:
    before = http.get("/_mock/customers").json()["customers"]
    assert [one["id"] for one in before[:2]] == ["test_residential", "test_commercial"]
    made = create(http)
    assert made in http.get("/_mock/customers").json()["customers"]
    http.post("/_mock/reset")
    assert http.get("/_mock/customers").json()["customers"] == before


def test_two_customers_never_share_sign_in_values(http: httpx.Client) -> None:
    made = [create(http) for _ in range(60)]
    for name in ("id", "phone", "email", "address"):
        assert len({one[name] for one in made}) == 60
    assert len({account["number"] for one in made for account in one["accounts"]}) == 60


@pytest.mark.parametrize(
    ("specification", "word"),
    [
        ({"id": "test_residential"}, "test_residential"),
        ({"phone": "+11111111111"}, "phone +11111111111"),
        ({"email": "Heather.Homeowner@EXAMPLE.com"}, "email heather.homeowner@example.com"),
        ({"accounts": [{"number": "111111111-1", "services": []}]}, "account 111111111-1"),
    ],
)
def test_sign_in_values_of_another_customer_are_refused(
    http: httpx.Client, specification: dict[str, Any], word: str
) -> None:
    answer = http.post("/_mock/customers", json=specification)
    assert answer.status_code == 409
    assert word in answer.json()["error_description"]
    assert len(http.get("/_mock/customers").json()["customers"]) == len(
        {one["id"] for one in http.get("/_mock/customers").json()["customers"]}
    )


@pytest.mark.parametrize(
    ("specification", "word"),
    [
        ({"colour": "blue"}, "colour"),
        ({"id": "a b"}, "id"),
        ({"kind": "royal"}, "kind"),
        ({"phone": "555"}, "phone"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "NUL"),
        ({"name": "\ud800"}, "surrogate"),
        ({"email": "nobody"}, "email"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "America"}, "time_zone"),
        ({"time_zone": "x" * 5000}, "time_zone"),
        ({"address": {"street": "1 FIRST ST"}}, "address.city"),
        ({"services": [{"kind": "steam"}]}, "services.0.kind"),
        ({"services": [{"kind": "gas", "count": 0}]}, "services.0.count"),
        ({"services": [{"kind": "gas"}, {"kind": "gas", "tariff": "RES-2-TIER"}]}, "services.1.tariff"),
        ({"accounts": [{"services": [{"kind": "gas", "tariff": "x"}]}]}, "accounts.0.services.0.tariff"),
        ({"services": [{"kind": "gas", "daily_usage": "1e300"}]}, "services.0.daily_usage"),
        ({"services": [{"kind": "gas", "profile": "x"}]}, "services.0.profile"),
        ({"services": [], "accounts": []}, "services"),
        ({"accounts": [{"count": 100, "services": [{"kind": "gas", "count": 100}]}]}, "500"),
        ({"accounts": [{"number": "1", "count": 2, "services": []}]}, "accounts.0"),
        ([], "body"),
    ],
)
def test_an_error_names_the_invalid_field_and_creates_no_customer(
    http: httpx.Client, specification: Any, word: str
) -> None:
    before = http.get("/_mock/customers").json()
    sent = json.dumps(specification)  # httpx itself refuses a lone surrogate
    answer = http.post("/_mock/customers", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert word in answer.json()["error_description"]
    assert http.get("/_mock/customers").json() == before


def test_their_data_is_read_like_that_of_other_customers(third: Third) -> None:
    customer = create(third.http, services=[{"kind": "electric", "generation_kw": "4"}, {"kind": "gas"}])
    scope = f"FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{customer['id']}"
    issued = third.tokens(customer["id"], scope)
    uid, resource = issued.authorization.uid, "/DataCustodian/espi/1_1/resource/Batch/Subscription"
    feed = third.get(f"{resource}/{uid}", issued.access_token).text
    assert feed.count("<title>UsagePoint</title>") == 2
    meters = third.get("/api/v2/meters", issued.access_token).json()["meters"]
    assert {meter["base"]["service_identifier"] for meter in meters} == {
        service["id"] for service in customer["accounts"][0]["services"]
    }


def test_the_fixture_creates_and_lists_them(mock_server: MockServer) -> None:
    customer = mock_server.create_customer(kind="commercial", services=[{"kind": "gas"}])
    assert customer in mock_server.customers()
    assert mock_server.tokens(customer=customer["id"])["access_token"]
    with pytest.raises(RequestRefused, match="kind"):
        mock_server.create_customer(kind="royal")
