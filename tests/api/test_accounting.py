"""Billing accounts and summaries add up to the bills of their services."""

from itertools import pairwise
from typing import Any

import pytest

from tests.support import Third

SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"


def read(third: Third, path: str, token: str | None = None) -> Any:
    answer = third.get(f"/api/v2/{path}", token or third.client.api_token)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("customer", "accounts"),
    [("test_residential", 1), ("test_commercial", 2), ("test_solar", 1), ("test_gaps", 1)],
)
def test_a_statement_sums_the_bills_of_its_account(third: Third, customer: str, accounts: int) -> None:
    issued = third.tokens(customer, SCOPE.format(customer))
    found = read(third, "accounting/billing-accounts", issued.access_token)["billing_accounts"]
    assert len(found) == accounts
    bills = read(third, f"bills?authorizations={issued.authorization.uid}", issued.access_token)["bills"]
    summaries = read(third, "accounting/billing-summaries", issued.access_token)["billing_summaries"]
    assert sum(round(one["base"]["new_charges_amount"], 2) for one in summaries) == pytest.approx(
        sum(bill["base"]["bill_total_cost"] for bill in bills)
    )
    for account in found:
        own = [one for one in summaries if one["billing_account_uid"] == account["uid"]]
        assert len(own) == len(account["statement_dates"]) > 0
        assert {one["base"]["statement_date"][:7] for one in own} == {
            date[:7] for date in account["statement_dates"]
        }
        for newer, older in pairwise(own):
            assert newer["base"]["previous_balance_amount"] == older["base"]["new_balance_amount"]
        for one in own:
            assert one["meter_uids"] == account["meter_uids"]
            charges = sum(charge["cost"] for charge in one["new_charges"])
            assert round(charges, 2) == one["base"]["new_charges_amount"]


def test_they_are_filtered_paged_and_read_one_by_one(third: Third) -> None:
    issued = third.tokens("test_commercial", SCOPE.format("test_commercial"))
    third.tokens(scope=SCOPE.format("test_residential"))
    accounts = read(third, "accounting/billing-accounts")["billing_accounts"]
    assert len(accounts) == 3
    [second] = [one for one in accounts if one["base"]["billing_account"] == "222222222-3"]
    assert read(third, f"accounting/billing-accounts/{second['uid']}") == second
    by_meter = read(third, f"accounting/billing-accounts?meters={second['meter_uids'][0]}")[
        "billing_accounts"
    ]
    assert by_meter == [second]
    own = read(third, f"accounting/billing-accounts?authorizations={issued.authorization.uid}")
    assert len(own["billing_accounts"]) == 2
    path = f"accounting/billing-summaries?billing_accounts={second['uid']}"
    summaries = read(third, path)["billing_summaries"]
    assert {one["billing_account_uid"] for one in summaries} == {second["uid"]}
    assert read(third, f"accounting/billing-summaries/{summaries[0]['uid']}") == summaries[0]
    page = read(third, f"{path}&limit=1")
    assert page["billing_summaries"] == summaries[:1]
    rest = third.get(page["next"], third.client.api_token).json()
    assert rest["billing_summaries"] == summaries[1:2]
    for kind in ("billing-accounts", "billing-summaries"):
        assert third.get(f"/api/v2/accounting/{kind}/1", third.client.api_token).status_code == 404
        assert third.http.get(f"/api/v2/accounting/{kind}").status_code == 401


def test_without_bills_there_are_accounts_and_no_summaries(third: Third) -> None:
    token = third.tokens(scope=SCOPE.format("test_residential").replace("4_16_51", "4_51")).access_token
    assert len(read(third, "accounting/billing-accounts", token)["billing_accounts"]) == 1
    assert read(third, "accounting/billing-summaries", token) == {"billing_summaries": [], "next": None}
