"""Names, archives and deletes a client's own authorizations."""

from collections.abc import Mapping

from mock_server.domain.errors import InsufficientScope, NotFound
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def change_authorization(
    sandbox: Sandbox, transaction: Transaction, uid: str, changes: Mapping[str, object]
) -> None:
    """Set `is_archived`, `nickname` (None removes it) or both; a client can change nothing else."""
    if changes:
        transaction.authorizations.change({"uid": uid}, **changes)


def delete_test_authorization(sandbox: Sandbox, transaction: Transaction, uid: str) -> None:
    """Remove a test account's authorization with its referrals, collections and meters.

    Raises NotFound, InsufficientScope.
    """
    found = transaction.authorizations.hold(uid=uid)
    if found is None:
        raise NotFound(f"There is no authorization {uid[:40]!r}.")
    if not found.is_test:
        raise InsufficientScope(
            f"Authorization {uid} belongs to a real customer, so it can only be revoked. Only authorizations of "
            "test accounts can be deleted."
        )
    transaction.referrals.remove(authorization_uid=uid)
    transaction.collections.remove(authorization_uid=uid)
    transaction.meters.remove(authorization_uid=uid)
    transaction.authorizations.remove(uid=uid)
