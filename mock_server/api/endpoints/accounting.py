"""Billing accounts and their summaries."""

from starlette.responses import Response

from mock_server.api.billing import shared_accounts, statements
from mock_server.api.bodies import answer, calls
from mock_server.api.call import Call, reading
from mock_server.api.lists import page_of, paged
from mock_server.api.objects.billing import (
    BillingAccount,
    BillingAccountListing,
    BillingSummary,
    BillingSummaryListing,
    serialize_billing_account,
    serialize_billing_summary,
)
from mock_server.domain.errors import NotFound
from mock_server.http.context import Context

router = calls("/api/v2/accounting")

_FILTERS = {
    "uids": "Only these, separated by commas.",
    "authorizations": "Only of these authorizations.",
    "meters": "Only with these meters.",
}


@router.get("/billing-accounts", response_model=BillingAccountListing, openapi_extra=paged(**_FILTERS))
async def list_billing_accounts(context: Context) -> Response:
    """The accounts that the token may read, newest authorization first."""
    return answer(await reading(context, _account_listing))


@router.get("/billing-accounts/{uid}", response_model=BillingAccount)
async def read_billing_account(context: Context, uid: str) -> Response:
    """One of them."""

    def work(call: Call) -> BillingAccount:
        for one in shared_accounts(call):
            if one.uid == uid:
                return serialize_billing_account(one)
        raise NotFound(f"There is no billing account {uid[:40]!r} that this token may see.")

    return answer(await reading(context, work))


@router.get(
    "/billing-summaries",
    response_model=BillingSummaryListing,
    openapi_extra=paged(billing_accounts="Only of these billing accounts.", **_FILTERS),
)
async def list_billing_summaries(context: Context) -> Response:
    """The statements of these accounts, latest first."""
    return answer(await reading(context, _summary_listing))


@router.get("/billing-summaries/{uid}", response_model=BillingSummary)
async def read_billing_summary(context: Context, uid: str) -> Response:
    """One of them."""

    def work(call: Call) -> BillingSummary:
        for one in statements(call):
            if one.uid == uid:
                return serialize_billing_summary(call, one)
        raise NotFound(f"There is no billing summary {uid[:40]!r} that this token may see.")

    return answer(await reading(context, work))


def _account_listing(call: Call) -> BillingAccountListing:
    page = page_of(shared_accounts(call), call.query, uid_of=lambda one: one.uid)
    address = call.links.api("accounting", "billing-accounts")
    items = [serialize_billing_account(one) for one in page.items]
    return BillingAccountListing(billing_accounts=items, next=page.next_url(address))


def _summary_listing(call: Call) -> BillingSummaryListing:
    page = page_of(statements(call), call.query, uid_of=lambda one: one.uid)
    address = call.links.api("accounting", "billing-summaries")
    items = [serialize_billing_summary(call, one) for one in page.items]
    return BillingSummaryListing(billing_summaries=items, next=page.next_url(address))
