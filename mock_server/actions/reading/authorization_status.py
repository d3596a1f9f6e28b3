"""The status of authorizations, and when their newest token expires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mock_server.domain.errors import NotFound
from mock_server.domain.records import Authorization
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

Status = Literal["active", "revoked", "expired"]


@dataclass(frozen=True, kw_only=True)
class AuthorizationWithStatus:
    """An authorization, its status now, and when its newest token expires (its creation, if it has none)."""

    authorization: Authorization
    status: Status
    token_expires: datetime


def get_authorization_status(
    sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str
) -> AuthorizationWithStatus:
    """One authorization of a client, or its own. Raises NotFound, also for another client's."""
    found = transaction.authorizations.find(uid=uid, client_id=client_id)
    if found is None:
        raise NotFound(f"This client has no authorization {uid[:40]!r}.")
    return _authorization_statuses(transaction, [found], transaction.now)[0]


def list_authorization_statuses(
    sandbox: Sandbox, transaction: Transaction, client_id: str
) -> list[AuthorizationWithStatus]:
    """A client's authorizations from customers, newest first."""
    found = transaction.authorizations.list(client_id=client_id, kind="customer", order="-created")
    return _authorization_statuses(
        transaction, sorted(found, key=lambda one: int(one.uid), reverse=True), transaction.now
    )


def _authorization_statuses(
    transaction: Transaction, found: Sequence[Authorization], now: datetime
) -> list[AuthorizationWithStatus]:
    uids = tuple(authorization.uid for authorization in found)
    ends: dict[str, datetime] = {}
    for token in transaction.tokens.list(
        authorization_uid=uids, token_class=("access", "client", "registration"), order="issued"
    ):
        if token.authorization_uid and token.expires:
            ends[token.authorization_uid] = token.expires
    return [
        AuthorizationWithStatus(
            authorization=authorization,
            status=authorization.status_at(now),
            token_expires=ends.get(authorization.uid, authorization.created),
        )
        for authorization in found
    ]
