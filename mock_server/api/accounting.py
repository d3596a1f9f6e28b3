"""Billing accounts and their summaries: what stands on one statement for all services of an account."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.check_token import Caller
from mock_server.actions.shares import Share, SharedMeter, issued_bill_periods, list_shares, shared_bill
from mock_server.api.caller import api_caller, visible_authorizations
from mock_server.api.lists import described, listed, page_of
from mock_server.api.moments import in_zone
from mock_server.core.bills import Bill, issue_of
from mock_server.core.errors import NotFound
from mock_server.core.parameters import Parameters
from mock_server.core.periods import Span, local_midnight
from mock_server.core.records import Account
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter(prefix="/accounting")

_DESCRIBED = described(
    uids="Only these, separated by commas.",
    authorizations="Only of these authorizations.",
    meters="Only with these meters.",
)


@dataclass(frozen=True, kw_only=True)
class BillingAccount:
    """An account as one authorization shares it; `number` counts the shared accounts from 1."""

    share: Share
    account: Account
    number: int
    meters: tuple[SharedMeter, ...]

    @property
    def uid(self) -> str:
        """Its name: the authorization's uid and the account's number there."""
        return f"{self.share.authorization.uid}{self.number:02d}"

    @property
    def periods(self) -> list[Span]:
        """The billing periods that were billed, oldest first; all services of an account share them."""
        return issued_bill_periods(self.share, self.meters[0])


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One statement of an account."""

    billing: BillingAccount
    period: Span

    @property
    def uid(self) -> str:
        """Its name: the account's, then year and month of the period's end."""
        return f"{self.billing.uid}{self.period.end:%y%m}"


@router.get("/billing-accounts", openapi_extra=_DESCRIBED)
async def list_billing_accounts(request: Request) -> Response:
    """The accounts that the token shows, newest authorization first."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    found = await sandbox.run(_accounts, sandbox, caller, query)
    page = page_of(found, query, uid_of=lambda one: one.uid)
    told = [_account(one) for one in page.items]
    address = links_of(request).api("accounting", "billing-accounts")
    return JSONResponse({"billing_accounts": told, "next": page.next_url(address)})


@router.get("/billing-accounts/{uid}")
async def read_billing_account(request: Request, uid: str) -> Response:
    """One of them."""
    caller, sandbox = await api_caller(request), sandbox_of(request)
    for one in await sandbox.run(_accounts, sandbox, caller, Parameters({})):
        if one.uid == uid:
            return JSONResponse(_account(one))
    raise NotFound(f"There is no billing account {uid[:40]!r} that this token may see.")


@router.get(
    "/billing-summaries",
    openapi_extra=described(
        uids="Only these, separated by commas.",
        billing_accounts="Only of these billing accounts.",
        authorizations="Only of these authorizations.",
        meters="Only with these meters.",
    ),
)
async def list_billing_summaries(request: Request) -> Response:
    """The statements of those accounts, latest first."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    found = await sandbox.run(_summaries, sandbox, caller, query)
    page = page_of(found, query, uid_of=lambda one: one.uid)
    told = [_summary(sandbox, one) for one in page.items]
    address = links_of(request).api("accounting", "billing-summaries")
    return JSONResponse({"billing_summaries": told, "next": page.next_url(address)})


@router.get("/billing-summaries/{uid}")
async def read_billing_summary(request: Request, uid: str) -> Response:
    """One of them."""
    caller, sandbox = await api_caller(request), sandbox_of(request)
    for one in await sandbox.run(_summaries, sandbox, caller, Parameters({})):
        if one.uid == uid:
            return JSONResponse(_summary(sandbox, one))
    raise NotFound(f"There is no billing summary {uid[:40]!r} that this token may see.")


def _accounts(
    sandbox: Sandbox, caller: Caller, query: Parameters, *, named_by: str = "uids"
) -> list[BillingAccount]:
    shares = list_shares(sandbox, visible_authorizations(sandbox, caller))
    return [one for share in shares for one in _of_share(share) if _fits(one, query, named_by)]


def _of_share(share: Share) -> Iterator[BillingAccount]:
    """A revoked authorization has none any more."""
    if share.authorization.status_at(share.now) == "revoked":
        return
    for number, account in enumerate(share.accounts(), start=1):
        meters = tuple(one for one in share.meters if one.account.number == account.number)
        yield BillingAccount(share=share, account=account, number=number, meters=meters)


def _fits(one: BillingAccount, query: Parameters, named_by: str) -> bool:
    uids, authorizations = listed(query, named_by), listed(query, "authorizations")
    meters = listed(query, "meters")
    return (
        (uids is None or one.uid in uids)
        and (authorizations is None or one.share.authorization.uid in authorizations)
        and (meters is None or any(shared.meter.uid in meters for shared in one.meters))
    )


def _summaries(sandbox: Sandbox, caller: Caller, query: Parameters) -> list[Summary]:
    uids = listed(query, "uids")
    found = [
        Summary(billing=billing, period=period)
        for billing in _accounts(sandbox, caller, query, named_by="billing_accounts")
        for period in billing.periods
    ]
    kept = [one for one in found if uids is None or one.uid in uids]
    return sorted(kept, key=lambda one: (one.period.end, one.uid), reverse=True)


def _account(one: BillingAccount) -> dict[str, Any]:
    """The Billing Account object of utilityapi.md §6."""
    return {
        "uid": one.uid,
        "authorization_uid": one.share.authorization.uid,
        "meter_uids": [shared.meter.uid for shared in one.meters],
        "notes": [],
        "statement_dates": [_statement_date(one.share, period) for period in one.periods],
        "blocks": ["base", "sources"],
        "base": {
            "billing_contact": one.account.billing_contact,
            "billing_address": str(one.account.billing_address),
            "billing_account": one.account.number,
        },
        "sources": [],
    }


def _statement_date(share: Share, period: Span) -> str:
    issued = issue_of(period, share.zone)
    return in_zone(issued, share.zone)


def _summary(sandbox: Sandbox, one: Summary) -> dict[str, Any]:
    """The Billing Summary object of utilityapi.md §6. Everybody here pays what was due before the next statement."""
    billing, share = one.billing, one.billing.share
    bills = _bills(sandbox, one)
    charges = sum((bill.total for bill in bills), Decimal())
    earlier = [period for period in billing.periods if period.end <= one.period.start]
    before = Summary(billing=billing, period=earlier[-1]) if earlier else None
    previous = sum((bill.total for bill in _bills(sandbox, before)), Decimal()) if before else Decimal()
    zone, last = share.zone, max(bills, key=lambda bill: bill.statement_date)
    return {
        "uid": one.uid,
        "billing_account_uid": billing.uid,
        "authorization_uid": share.authorization.uid,
        "meter_uids": [shared.meter.uid for shared in billing.meters],
        "notes": [],
        "blocks": ["base", "new_charges", "sources"],
        "base": {
            "amount_due": float(max(charges, Decimal())),
            "amount_due_date": in_zone(local_midnight(last.due_date, zone), zone),
            "new_balance_amount": float(charges),
            "new_charges_amount": float(charges),
            "previous_balance_amount": float(previous),
            "previous_balance_unpaid": 0.0,
            "previous_payment_amount": float(previous),
            "statement_date": in_zone(local_midnight(last.statement_date, zone), zone),
        },
        "new_charges": [
            {"name": f"{shared.service.kind.capitalize()} {shared.service.id}", "cost": float(bill.total)}
            for shared, bill in zip(billing.meters, bills, strict=True)
        ],
        "sources": [],
    }


def _bills(sandbox: Sandbox, one: Summary) -> list[Bill]:
    """The period's bills of all services of the account, in the order of its meters."""
    return [shared_bill(sandbox, one.billing.share, shared, one.period) for shared in one.billing.meters]
