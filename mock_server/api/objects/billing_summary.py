"""Billing Summary: one statement of a billing account."""

from mock_server.api.objects.bill import Source
from mock_server.api.objects.shape import Note, Shape, Timestamp


class BillingSummaryBase(Shape):
    """What is due, until when, and what was due and paid before; in dollars."""

    amount_due: float
    amount_due_date: Timestamp
    new_balance_amount: float
    new_charges_amount: float
    previous_balance_amount: float
    previous_balance_unpaid: float
    previous_payment_amount: float
    statement_date: Timestamp


class Charge(Shape):
    """What one service adds to the statement."""

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
