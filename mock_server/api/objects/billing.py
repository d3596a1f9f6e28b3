"""Billing accounts and billing summaries: an account, and its statements of account."""

from decimal import Decimal

from mock_server.actions.reading.shares import shared_bill
from mock_server.api.billing import SharedAccount, Statement
from mock_server.api.call import Call
from mock_server.api.objects.bill import Source
from mock_server.api.objects.shape import Note, Shape, Timestamp
from mock_server.api.times import in_zone
from mock_server.domain.billing.bills import Bill, issue_of
from mock_server.domain.time.periods import local_midnight


class BillingAccountBase(Shape):
    """Who is billed, and where."""

    billing_contact: str
    billing_address: str
    billing_account: str


class BillingAccount(Shape):
    """The Billing Account object of utilityapi.md §6."""

    uid: str
    authorization_uid: str
    meter_uids: list[str]
    notes: list[Note]
    statement_dates: list[Timestamp]
    blocks: list[str]
    base: BillingAccountBase | None = None
    sources: list[Source] | None = None


class BillingAccountListing(Shape):
    """A page of billing accounts."""

    billing_accounts: list[BillingAccount]
    next: str | None


class BillingSummaryBase(Shape):
    """Amount due and due date, and the previous balance and payment, in dollars."""

    amount_due: float
    amount_due_date: Timestamp
    new_balance_amount: float
    new_charges_amount: float
    previous_balance_amount: float
    previous_balance_unpaid: float
    previous_payment_amount: float
    statement_date: Timestamp


class Charge(Shape):
    """One service's share of the statement."""

    name: str
    cost: float


class BillingSummary(Shape):
    """The Billing Summary object of utilityapi.md §6."""

    uid: str
    billing_account_uid: str
    authorization_uid: str
    meter_uids: list[str]
    notes: list[Note]
    blocks: list[str]
    base: BillingSummaryBase | None = None
    new_charges: list[Charge] | None = None
    sources: list[Source] | None = None


class BillingSummaryListing(Shape):
    """A page of billing summaries."""

    billing_summaries: list[BillingSummary]
    next: str | None


def serialize_billing_account(one: SharedAccount) -> BillingAccount:
    """The Billing Account object of utilityapi.md §6."""
    zone = one.share.zone
    return BillingAccount(
        uid=one.uid,
        authorization_uid=one.share.authorization.uid,
        meter_uids=[shared.meter.uid for shared in one.meters],
        notes=[],
        statement_dates=[in_zone(issue_of(period, zone), zone) for period in one.periods],
        blocks=["base"],
        base=BillingAccountBase(
            billing_contact=one.account.billing_contact,
            billing_address=str(one.account.billing_address),
            billing_account=one.account.number,
        ),
    )


def serialize_billing_summary(call: Call, one: Statement) -> BillingSummary:
    """The Billing Summary object of utilityapi.md §6. Every customer here pays before the next statement."""
    billing, share = one.billing, one.billing.share
    billed, bills = billing.billed(one.period), _bills(call, one)
    total, previous = _sum(bills), _sum(_bills(call, _before(one)))
    zone, last = share.zone, max(bills, key=lambda bill: bill.statement_date)
    return BillingSummary(
        uid=one.uid,
        billing_account_uid=billing.uid,
        authorization_uid=share.authorization.uid,
        meter_uids=[shared.meter.uid for shared in billing.meters],
        notes=[],
        blocks=["base", "new_charges"],
        base=BillingSummaryBase(
            amount_due=float(max(total, Decimal())),
            amount_due_date=in_zone(local_midnight(last.due_date, zone), zone),
            new_balance_amount=float(total),
            new_charges_amount=float(total),
            previous_balance_amount=float(previous),
            previous_balance_unpaid=0.0,
            previous_payment_amount=float(previous),
            statement_date=in_zone(local_midnight(last.statement_date, zone), zone),
        ),
        new_charges=[
            Charge(name=f"{shared.service.kind.capitalize()} {shared.service.id}", cost=float(bill.total))
            for shared, bill in zip(billed, bills, strict=True)
        ],
    )


def _before(one: Statement) -> Statement | None:
    earlier = [period for period in one.billing.periods if period.end <= one.period.start]
    return Statement(billing=one.billing, period=earlier[-1]) if earlier else None


def _bills(call: Call, one: Statement | None) -> list[Bill]:
    """The period's bills of the account, in the order of its meters."""
    if one is None:
        return []
    billed = one.billing.billed(one.period)
    return [shared_bill(call.sandbox, one.billing.share, shared, one.period) for shared in billed]


def _sum(bills: list[Bill]) -> Decimal:
    return sum((bill.total for bill in bills), Decimal())
