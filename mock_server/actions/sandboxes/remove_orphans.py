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
    """Delete the rows that belong to no sandbox; returns the names they were stored under. Runs at server start.

    Other servers may use the database meanwhile: sandboxes that they create are left alone.
    """
    names = default.store.list_names()  # first, so that sandboxes created later are not in it
    in_use = _names_in_use(default)
    orphans = [name for name in names if name not in in_use and _clear(default, name)]
    if orphans:
        log.warning("Removed leftover rows of %d deleted sandboxes.", len(orphans))
    return orphans


def _names_in_use(default: Sandbox) -> set[str]:
    """The names of sandboxes, their journals and their snapshots."""
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
    """Whether it is a snapshot without a sandbox, and not the copy of a fresh sandbox."""
    return name.startswith(SNAPSHOT) and name != fresh_copy_of(state.fixtures_digest)
