"""Archives the meters of a client's authorizations."""

from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def archive_meter(sandbox: Sandbox, transaction: Transaction, uid: str, *, is_archived: bool) -> None:
    """Archive or unarchive a meter. Its data does not change."""
    transaction.meters.change({"uid": uid}, is_archived=is_archived)
