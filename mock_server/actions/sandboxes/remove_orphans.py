"""Removes rows of deleted sandboxes that an earlier version left behind."""

import logging

from mock_server.actions.sandboxes.load import fresh_copy_of
from mock_server.actions.sandboxes.shared_journal import ledger_of
from mock_server.actions.sandboxes.snapshots import copy_name_of
from mock_server.domain.records import SandboxState
from mock_server.sandbox import Sandbox
from mock_server.store import SNAPSHOT

log = logging.getLogger("mock_server")


def remove_orphans(default: Sandbox) -> list[str]:
    """Delete every row that belongs to no sandbox; the names under which such rows stood. For the start of a server.

    Other servers may use the database meanwhile: what they begin in between is left alone.
    """
    names = default.store.list_names()  # first: what begins after this is not among them
    living = _names_of_the_living(default)
    orphans = [name for name in names if name not in living and _clear(default, name)]
    if orphans:
        log.warning("Removed what was left of %d sandboxes that had ended.", len(orphans))
    return orphans


def _names_of_the_living(default: Sandbox) -> set[str]:
    """Sandboxes, their journals and their snapshots."""
    names = set(default.store.list_states())
    found = names | {ledger_of(name) for name in names}
    for name in names:
        with default.store.of(name).reading() as transaction:
            found |= {copy_name_of(name, one.name) for one in transaction.snapshots.list()}
    return found


def _clear(default: Sandbox, name: str) -> bool:
    with default.store.of(name).beginning() as transaction:
        if transaction.state is not None and not _is_lost_copy(name, transaction.state):
            return False
        transaction.clear()
    return True


def _is_lost_copy(name: str, state: SandboxState) -> bool:
    """Whether it is a snapshot, all of which that live are known, and not what sandboxes begin with."""
    return name.startswith(SNAPSHOT) and name != fresh_copy_of(state.fixtures_digest)
