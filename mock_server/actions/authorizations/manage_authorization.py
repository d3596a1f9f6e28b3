"""Shortens and deletes an authorization for its client, and undoes the deletion (ESPI FB 41/44)."""

from datetime import datetime

from mock_server.actions.authorizations.authorizations import revoke_within
from mock_server.actions.notifying.due_events import wake
from mock_server.actions.notifying.events import announce
from mock_server.actions.reading.authorization_status import get_authorization_status
from mock_server.domain.errors import Forbidden, InvalidParameter, NotFound
from mock_server.domain.records import Authorization
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def delete_authorization(sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str) -> None:
    """Revoke it for the client. Repeating the call is no error.

    Raises NotFound, Forbidden for the client's own authorization.
    """
    _get_customer_authorization(sandbox, transaction, client_id, uid)
    revoke_within(transaction, uid, by_deletion=True)


def replace_authorization(
    sandbox: Sandbox,
    transaction: Transaction,
    client_id: str,
    uid: str,
    *,
    is_active: bool,
    expires: datetime | None,
) -> None:
    """Replace an authorization: ended, or active until `expires`, which can only be moved earlier.

    An authorization that the client itself deleted becomes active again with its tokens (certification MGA002).
    Raises NotFound, Forbidden for the client's own authorization, InvalidParameter if only the customer can do this.
    """
    _get_customer_authorization(sandbox, transaction, client_id, uid)
    if not is_active:
        revoke_within(transaction, uid, by_deletion=True)
        return
    found, now = transaction.authorizations.hold(uid=uid), transaction.now
    if found is None:
        raise NotFound(f"There is no authorization {uid[:40]!r}.")
    _check_can_be_active(found, now)
    _check_end(found, expires, now)
    transaction.authorizations.change({"uid": uid, "is_deleted": True}, revoked=None, is_deleted=False)
    if expires is not None:
        transaction.authorizations.change({"uid": uid}, expires=expires)
    announce(transaction, "authorization_renewed", client_id=client_id, at=now, authorization_uid=uid)
    wake(transaction, uid, now)


def _get_customer_authorization(
    sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str
) -> Authorization:
    found = get_authorization_status(sandbox, transaction, client_id, uid).authorization
    if found.kind != "customer":
        raise Forbidden(
            f"Authorization {found.uid} is the client's own; it lasts as long as the client's registration. "
            "Only the authorizations of customers can be changed or deleted."
        )
    return found


def _check_can_be_active(found: Authorization, now: datetime) -> None:
    status = found.status_at(now)
    if status == "expired" or (status == "revoked" and not found.is_deleted):
        raise InvalidParameter(
            f"Authorization {found.uid} is {status}, and only its customer can renew it: send them to the "
            "authorize endpoint. You can send only the status 0."
        )


def _check_end(found: Authorization, expires: datetime | None, now: datetime) -> None:
    if expires == found.expires:
        return
    if expires is None or (found.expires is not None and expires > found.expires):
        raise InvalidParameter(
            "authorizedPeriod would end later than it does now, but it can only be shortened. Send a shorter "
            "duration, or start a new authorization."
        )
    if expires <= now:
        raise InvalidParameter(
            f"authorizedPeriod ends in the past: {expires:%Y-%m-%d %H:%M:%S} UTC; it is {now:%Y-%m-%d %H:%M:%S}. "
            "To end the authorization now, send the status 0 or DELETE it."
        )
