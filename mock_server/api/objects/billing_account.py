"""Billing Account: services that are billed on one statement."""

from mock_server.api.objects.bill import Source
from mock_server.api.objects.shape import Note, Shape, Timestamp


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
