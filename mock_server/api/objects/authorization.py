"""Authorization: what a customer shares, and its status."""

from typing import Literal

from pydantic import Field

from mock_server.actions.reading.shares import issued_bill_periods
from mock_server.api.call import Call
from mock_server.api.objects.meter import MeterListing, serialize_meter
from mock_server.api.objects.notes import serialize_exports, serialize_notes
from mock_server.api.objects.shape import Export, Note, Shape, Timestamp
from mock_server.api.times import in_utc
from mock_server.api.visible_data import Listed
from mock_server.domain.consent.available_data import shows_meters
from mock_server.domain.consent.life_cycle import authorization_condition
from mock_server.domain.records import Authorization as Record

AuthorizationStatus = Literal["pending", "updated", "errored"]


class Signature(Shape):
    """How the customer signed, for older forms."""

    type: str
    full_name: str
    ts: Timestamp


class AuthorizationScope(Shape):
    """What the customer shares, and until when."""

    expires: Timestamp | Literal["until_revoked"]
    ongoing_end: Timestamp | None


class AuthorizationExports(Shape):
    """URLs of the same data as files."""

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
    """The body of PATCH /authorizations/{uid}. Omitted fields are not changed."""

    is_archived: bool = False
    nickname: str | None = Field(None, max_length=200)


def serialize_authorization(
    call: Call, listed: Listed, *, with_meters: bool = False, expanded: bool = True
) -> Authorization:
    """The Authorization object of utilityapi.md §6; its meters only on request."""
    found, share, owner = listed.authorization, listed.share, call.owner
    now = share.now if share else call.sandbox.clock.now()
    meters = share.meters if share else ()
    condition = authorization_condition(found, meters=len(meters), now=now)
    expires = in_utc(found.expires) if found.expires else "until_revoked"
    is_revoked = found.status_at(now) == "revoked"
    files = _files(call, listed) if shows_meters(found, now) and meters else {}
    serialized = Authorization(
        uid=found.uid,
        created=in_utc(found.created),
        customer_email=found.customer_email or (share.customer.email if share else ""),
        customer_signature=None,
        declined=in_utc(found.created) if found.kind == "declined" else None,
        is_declined=found.kind == "declined",
        expires=expires,
        is_expired=found.expires is not None and found.expires <= now,
        exports=AuthorizationExports(**files),
        exports_list=serialize_exports(files),
        form_uid=found.form_uid,
        template_uid=found.template_uid,
        referrals=list(listed.referrals),
        is_archived=found.is_archived,
        is_test=found.is_test,
        notes=serialize_notes(condition.notes),
        nickname=found.nickname,
        revoked=in_utc(found.revoked) if found.revoked and is_revoked else None,
        is_revoked=is_revoked,
        scope=AuthorizationScope(
            expires=expires, ongoing_end=in_utc(found.ongoing_end) if found.ongoing_end else None
        ),
        status=condition.status,
        status_message=condition.message,
        status_ts=in_utc(condition.since),
        user_email=owner.email,
        user_uid=owner.uid,
        user_status="active",
        utility=owner.utility,
    )
    if with_meters:
        visible = meters if shows_meters(found, now) else ()
        serialized.meters = MeterListing(
            meters=[serialize_meter(call, share, one, expanded=expanded) for one in visible if share],
            next=None,
        )
    return serialized


def _files(call: Call, listed: Listed) -> dict[str, str]:
    found, share = listed.authorization, listed.share
    has_bills = share is not None and any(issued_bill_periods(share, one) for one in share.meters)
    bills = {"bills_combined_csv": call.links.file("csv", csv_hash(call, found))}
    return (bills if has_bills else {}) | {"meters_csv": call.links.file("meters_csv", accounts=found.uid)}


def csv_hash(call: Call, authorization: Record) -> str:
    """The name of an authorization's combined CSV: its uid in hexadecimal and 24 digits derived from it."""
    tail = call.sandbox.random.stream("csv", authorization.client_id, authorization.uid).bytes(12).hex()
    return f"{int(authorization.uid):08x}{tail}"
