"""Revokes, expires and shortens authorizations, and approves requests without a browser."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mock_server.actions.connecting.authorize import AUTHORIZE_REQUEST_LIFETIME
from mock_server.actions.connecting.consent import Approval, approve
from mock_server.actions.notifying.due_events import wake
from mock_server.actions.notifying.events import announce
from mock_server.actions.notifying.notifications import notify_of_authorization
from mock_server.domain.consent.consent import propose_consent
from mock_server.domain.errors import InvalidParameter, InvalidRequest, NotFound
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Authorization, AuthorizationRequest, AutoApproval, Client, Customer
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_MOST_LISTED = 1_000
_FOREVER = datetime.max.replace(tzinfo=UTC)


def revoke(
    sandbox: Sandbox, transaction: Transaction, uid: str, *, by_deletion: bool = False
) -> Authorization:
    """End an authorization and everything issued for it. Repeating the call is no error. Raises NotFound.

    `by_deletion`: its client deleted it and may undo that (see `actions.authorizations.manage_authorization`).
    """
    return revoke_within(transaction, uid, by_deletion=by_deletion)


def revoke_within(transaction: Transaction, uid: str, *, by_deletion: bool = False) -> Authorization:
    """The same within a transaction. Unless `by_deletion`, the client can no longer undo an earlier deletion."""
    found, now = transaction.authorizations.hold(uid=uid), transaction.now
    if found is None:
        raise NotFound(f"There is no authorization {uid[:40]!r}.")
    if found.revoked is None:
        announce(
            transaction, "authorization_revoked", client_id=found.client_id, at=now, authorization_uid=uid
        )
        notify_of_authorization(transaction, found, at=now)
    is_deleted = by_deletion and (found.revoked is None or found.is_deleted)
    ended = replace(found, revoked=found.revoked or now, is_deleted=is_deleted)
    transaction.authorizations.change({"uid": uid}, revoked=ended.revoked, is_deleted=ended.is_deleted)
    return ended


def expire(sandbox: Sandbox, transaction: Transaction, uid: str) -> Authorization:
    """Expire an authorization now. One that has ended is left unchanged. Raises NotFound."""
    found = transaction.authorizations.hold(uid=uid)
    now = transaction.now
    if found is None:
        raise NotFound(f"There is no authorization {uid[:40]!r}.")
    if found.status_at(now) != "active":
        return found
    # `due_events` announces it, as it does for every expiry.
    transaction.authorizations.change({"uid": uid}, expires=now, wakes=min(found.wakes or now, now))
    return replace(found, expires=now)


def shorten(sandbox: Sandbox, transaction: Transaction, uid: str, *, expires: datetime) -> Authorization:
    """Shorten an authorization, as its customer may. Raises NotFound, InvalidParameter."""
    found = transaction.authorizations.hold(uid=uid)
    now = transaction.now
    if found is None or found.kind != "customer":
        raise NotFound(f"There is no customer authorization {uid[:40]!r}.")
    if not now < expires or found.status_at(now) != "active" or expires >= (found.expires or _FOREVER):
        end = f"{found.expires:%Y-%m-%d %H:%M:%S} UTC" if found.expires else "none"
        raise InvalidParameter(
            f"expires must be after now ({now:%Y-%m-%d %H:%M:%S} UTC) and before the current end. "
            f"Authorization {uid} is {found.status_at(now)}. Its current end: {end}."
        )
    transaction.authorizations.change({"uid": uid}, expires=expires)
    announce(transaction, "authorization_renewed", client_id=found.client_id, at=now, authorization_uid=uid)
    notify_of_authorization(transaction, found, at=now)
    wake(transaction, uid, now)
    return replace(found, expires=expires)


def list_all(
    _: Sandbox,
    transaction: Transaction,
    *,
    uid: str | None = None,
    client_id: str | None = None,
    customer_id: str | None = None,
) -> list[tuple[Authorization, list[str]]]:
    """The newest 1,000 matching authorizations, newest first, with the uids of their meters.

    A condition of None matches everything.
    """
    where = {"uid": uid, "client_id": client_id, "customer_id": customer_id}
    conditions: dict[str, Any] = {name: value for name, value in where.items() if value is not None}
    found = transaction.authorizations.list(order="-uid", limit=_MOST_LISTED, **conditions)
    meters: dict[str, list[str]] = {one.uid: [] for one in found}
    for meter in transaction.meters.list(order="uid", authorization_uid=tuple(meters)):
        meters[meter.authorization_uid].append(meter.uid)
    return [(one, meters[one.uid]) for one in found]


def list_waiting_requests(sandbox: Sandbox, transaction: Transaction) -> list[AuthorizationRequest]:
    """Pending authorize requests that have not expired, newest first. Requests from forms are excluded."""
    oldest = transaction.now - AUTHORIZE_REQUEST_LIFETIME
    found = transaction.requests.list(order="-created", outcome=None, template_uid=None)
    return [one for one in found if one.created >= oldest]


def approve_directly(
    sandbox: Sandbox,
    transaction: Transaction,
    request: AuthorizationRequest,
    *,
    client: Client,
    customer: Customer,
    receipt_link: str,
    own_link: str,
) -> Approval:
    """Approve everything that the scope requests, as the customer would on the consent page."""
    consent = propose_consent(parse_scope(request.scope), customer, now=transaction.now)
    return approve(
        sandbox,
        transaction,
        request,
        client=client,
        customer=customer,
        consent=consent,
        receipt_link=receipt_link,
        own_link=own_link,
    )


def take_auto_approval(_: Sandbox, transaction: Transaction) -> AutoApproval | None:
    """The automatic approval for the next authorize request, with its count reduced; None if none is armed."""
    state = transaction.state_now()
    if state is not None and state.auto_approval.enabled and state.auto_approval.times is not None:
        state = transaction.states.hold()  # two requests take one after the other
    armed = state.auto_approval if state else AutoApproval()
    if not armed.enabled:
        return None
    if armed.times is not None:
        left = armed.times - 1
        transaction.states.change({}, auto_approval=replace(armed, times=left, enabled=left > 0))
    return armed


def arm_auto_approval(sandbox: Sandbox, transaction: Transaction, approval: AutoApproval) -> None:
    """Start or stop answering authorize requests without a browser."""
    if approval.times is not None and approval.times < 1:
        raise InvalidRequest("times must be at least 1, or null for every request from now on.")
    transaction.states.change({}, auto_approval=approval)
