"""Authorization: what a customer allowed, and its status."""

from typing import Literal

from pydantic import Field

from mock_server.api.objects.meter import MeterListing
from mock_server.api.objects.shape import Export, Note, Shape, Timestamp

AuthorizationStatus = Literal["pending", "updated", "errored"]


class Signature(Shape):
    """How the customer signed, in older forms."""

    type: str
    full_name: str
    ts: Timestamp


class AuthorizationScope(Shape):
    """Until when the customer shares what."""

    expires: Timestamp | Literal["until_revoked"]
    ongoing_end: Timestamp | None


class AuthorizationExports(Shape):
    """Where the same data is as files."""

    bills_combined_csv: str | None = None
    meters_csv: str | None = None


class Authorization(Shape):
    """The Authorization object of utilityapi.md §6; `meters` only with include=meters."""

    uid: str
    created: Timestamp
    customer_email: str
    customer_signature: Signature | None
    declined: Timestamp | None
    is_declined: bool
    expires: Timestamp | Literal["until_revoked"]
    is_expired: bool
    exports: AuthorizationExports
    exports_list: list[Export]
    form_uid: str | None
    template_uid: str | None
    referrals: list[str]
    is_archived: bool
    is_test: bool
    notes: list[Note]
    nickname: str | None
    revoked: Timestamp | None
    is_revoked: bool
    scope: AuthorizationScope
    status: AuthorizationStatus
    status_message: str
    status_ts: Timestamp
    user_email: str
    user_uid: str
    user_status: Literal["active"]
    utility: str
    meters: MeterListing | None = None


class AuthorizationListing(Shape):
    """A page of authorizations."""

    authorizations: list[Authorization]
    next: str | None


class AuthorizationChange(Shape):
    """What PATCH /authorizations/{uid} takes; what is left out stays."""

    is_archived: bool = False
    nickname: str | None = Field(None, max_length=200)
