"""Archives the meters of a client's authorizations."""

from mock_server.sandbox import Sandbox


def archive_meter(sandbox: Sandbox, uid: str, *, is_archived: bool) -> None:
    """Archive or unarchive a meter. Its data does not change."""
    with sandbox.writing() as transaction:
        transaction.meters.change({"uid": uid}, is_archived=is_archived)
