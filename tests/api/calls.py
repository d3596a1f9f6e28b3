"""Calls to the JSON API by a third party on good terms, and what every answer to them must be."""

from collections.abc import Iterator
from typing import Any

from mock_server.api.objects.authorization import Authorization, AuthorizationListing
from mock_server.api.objects.bill import BillListing
from mock_server.api.objects.billing import (
    BillingAccount,
    BillingAccountListing,
    BillingSummary,
    BillingSummaryListing,
)
from mock_server.api.objects.error import Refusal
from mock_server.api.objects.interval import IntervalListing
from mock_server.api.objects.meter import Meter, MeterListing
from mock_server.api.objects.shape import Shape
from tests.support import Third

SHORT = "FB={};HistoryLength=8000000;AdditionalScope=auth-test-{}"
LISTINGS: dict[str, type[Shape]] = {
    "authorizations": AuthorizationListing,
    "meters": MeterListing,
    "bills": BillListing,
    "intervals": IntervalListing,
    "accounting/billing-accounts": BillingAccountListing,
    "accounting/billing-summaries": BillingSummaryListing,
}
OBJECTS: dict[str, type[Shape]] = {
    "authorizations": Authorization,
    "meters": Meter,
    "accounting/billing-accounts": BillingAccount,
    "accounting/billing-summaries": BillingSummary,
}


def authorize(third: Third, customer: str = "test_residential", blocks: str = "4_16_51") -> tuple[str, str]:
    """A new authorization's uid and access token."""
    issued = third.tokens(customer, SHORT.format(blocks, customer))
    return issued.authorization.uid, issued.access_token


def call(
    third: Third, method: str, path: str, *, token: str | None = None, body: Any = None
) -> tuple[int, Any]:
    """Any call with the client's token; status and JSON. A refusal must have the shape of refusals."""
    headers = {"Authorization": f"Bearer {token or third.client.api_token}"}
    url = path if path.startswith(("http", "/")) else f"/api/v2/{path}"
    answer = third.http.request(method, url, headers=headers, json=body)
    result = answer.json()
    if answer.is_error:
        Refusal.model_validate(result)
        assert result["status_code"] == answer.status_code
        assert result["url"].endswith(f"/errors/{result['error']}")
    return answer.status_code, result


def read(third: Third, path: str, *, token: str | None = None) -> Any:
    """A GET that succeeds, with an answer of the object's schema."""
    status, result = call(third, "GET", path, token=token)
    assert status == 200, result
    bare = path.partition("?")[0].removeprefix("http://localhost:8000/api/v2/")
    shape = LISTINGS.get(bare) or OBJECTS.get(bare.rpartition("/")[0])
    if shape is not None:
        shape.model_validate(result)
    return result


def pages(third: Third, path: str, plural: str) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, as `next` leads."""
    url: str | None = path
    while url is not None:
        result = read(third, url)
        yield result[plural]
        url = result["next"]
