"""Stores the demo client's runs for a day; only the demo can read their content."""

from datetime import timedelta

from mock_server.domain.records import DemoRun
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

DEMO_RUN_LIFETIME = timedelta(days=1)


def keep_run(sandbox: Sandbox, transaction: Transaction, run_id: str, sealed: str) -> None:
    """Store a run, replacing the previous one with that id. Deletes runs older than `DEMO_RUN_LIFETIME`."""
    now = transaction.now
    if not transaction.demo_runs.change({"id": run_id}, sealed=sealed, stored_at=now):
        transaction.demo_runs.add(DemoRun(id=run_id, sealed=sealed, stored_at=now))
    for old in transaction.demo_runs.list(order="stored_at", limit=10):
        if abs(now - old.stored_at) > DEMO_RUN_LIFETIME:
            transaction.demo_runs.remove(id=old.id)


def find_run(sandbox: Sandbox, transaction: Transaction, run_id: str) -> str | None:
    """The sealed text of that run; None if there is none."""
    found = transaction.demo_runs.find(id=run_id)
    return None if found is None else found.sealed
