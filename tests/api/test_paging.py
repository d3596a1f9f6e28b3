"""Thousands of bills, page by page: every one once, in order, at a thousand a page."""

from datetime import datetime
from typing import Any

from tests.api.calls import call, pages
from tests.support import Third

THREE_YEARS = "FB=16;HistoryLength=96000000;AdditionalScope=auth-test-test_large"


def test_more_than_three_thousand_bills_come_in_pages_of_a_thousand(third: Third) -> None:
    uid = third.tokens("test_large", THREE_YEARS).authorization.uid
    displayed = list(pages(third, f"bills?authorizations={uid}", "bills"))
    bills: list[dict[str, Any]] = [bill for page in displayed for bill in page]
    assert len(bills) > 3500
    assert [len(page) for page in displayed[:-1]] == [1000] * (len(displayed) - 1)
    assert len({bill["uid"] for bill in bills}) == len(bills)
    starts = [datetime.fromisoformat(bill["base"]["bill_start_date"]) for bill in bills]
    assert starts == sorted(starts, reverse=True)


def test_the_token_of_the_address_is_not_repeated_in_next(third: Third) -> None:
    for _ in range(2):
        third.tokens()
    query = {"access_token": third.client.api_token, "limit": "1", "utility": "DEMOUTILITY"}
    result = third.http.get("/api/v2/authorizations", params=query).json()
    assert "access_token" not in result["next"]
    assert "utility=DEMOUTILITY" in result["next"]
    assert len(call(third, "GET", result["next"])[1]["authorizations"]) == 1
