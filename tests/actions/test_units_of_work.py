"""An action works in the transaction that it is given: who handles a request opens one, and no more."""

import ast
from pathlib import Path

import pytest

ACTIONS = Path(__file__).parents[2] / "mock_server" / "actions"
OPENING = frozenset({"reading", "writing", "beginning", "read", "write", "write_alone"})

OWN_TRANSACTIONS: dict[str, str] = {
    "connecting/browser_sessions.py:log_in_person": "hashes the password between two of them, for 28 ms",
    "notifying/due_events.py:_announce": "announces in portions, so that others have their turn",
    "notifying/due_events.py:_next_due": "announces in portions, so that others have their turn",
    "notifying/outbox.py:take_due": "waits for everybody who writes only if something is due",
    "sandboxes/clock.py:is_being_moved": "looks into the state first, without a transaction",
    "sandboxes/clock.py:keep_moving": "renews the lease of another thread",
    "sandboxes/clock.py:moving": "holds a lease between two of them",
    "sandboxes/faults.py:_count": "counts a fault before the request that it applies to",
    "sandboxes/faults.py:take_fault": "looks into the state first, without a transaction",
    "sandboxes/life_cycle.py:end_sandbox": "forgets the journal afterwards",
    "sandboxes/life_cycle.py:end_unused": "forgets the journal afterwards",
    "sandboxes/load.py:prepare": "begins a sandbox, so there is none to write to",
    "sandboxes/load.py:reset": "clears the journal before",
    "sandboxes/shared_journal.py:_open": "keeps the journal, which no action writes to",
    "sandboxes/shared_journal.py:add": "keeps the journal, which no action writes to",
    "sandboxes/shared_journal.py:clear": "keeps the journal, which no action writes to",
    "sandboxes/shared_journal.py:news": "keeps the journal, which no action writes to",
    "sandboxes/snapshots.py:fork": "begins a sandbox, so there is none to write to",
    "sandboxes/snapshots.py:restore_snapshot": "clears the journal afterwards",
    "sandboxes/state.py:import_state": "clears the journal afterwards",
    "tokens/client_assertion.py:accept_assertion": "counts whatever the request leads to",
    "tokens/keys.py:signing_key": "makes the key at its first use, and is read at every other",
}
"""Which actions open transactions of their own, and why."""


def openers() -> set[str]:
    """The functions of `actions` that open a transaction of a sandbox."""
    return {
        f"{path.relative_to(ACTIONS).as_posix()}:{function.name}"
        for path in ACTIONS.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and any(map(opens, ast.walk(function)))
    }


def opens(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in OPENING
        and ast.unparse(node.func.value).endswith(("sandbox", "source", "into", "store"))
    )


def test_only_these_open_a_transaction() -> None:
    assert openers() == OWN_TRANSACTIONS.keys()


@pytest.mark.parametrize("path", sorted(ACTIONS.rglob("*.py")), ids=lambda path: path.stem)
def test_whoever_takes_the_sandbox_takes_the_transaction_next(path: Path) -> None:
    for function in ast.parse(path.read_text()).body:
        if isinstance(function, ast.FunctionDef):
            names = [argument.arg for argument in function.args.args]
            assert "transaction" not in names[2:], f"{function.name}: the transaction comes after the sandbox"
