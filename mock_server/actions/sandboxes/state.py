"""Exports a sandbox as plain records, and imports such a document atomically."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_server.actions.sandboxes.clock import check_instant
from mock_server.actions.sandboxes.load import SURVIVES_RESET
from mock_server.actions.sandboxes.state_checks import check_records
from mock_server.domain.errors import Conflict, InvalidParameter
from mock_server.domain.records import AutoApproval, SandboxState
from mock_server.sandbox import Sandbox, clock_state
from mock_server.store import Transaction

Records = Mapping[str, Sequence[Any]]  # each kind has its own record type

_EXCLUDED = (*SURVIVES_RESET, "states", "journal_pages", "exchanges")
"""Tables that a state excludes: `states` holds the clock and auto-approval, the last two are the journal."""

_NUMBERED = (
    "authorizations",
    "meters",
    "collections",
    "templates",
    "forms",
    "messages",
    "webhooks",
    "events",
    "notifications",
    "attempts",
    "faults",
)
"""Kinds whose ids are numbered by a sequence, which has the kind's name in the singular."""


@dataclass(frozen=True, kw_only=True)
class SandboxDocument:
    """All records of a sandbox, with its seed and clock. Contains clients' secrets; tokens are hashed."""

    utility: str
    seed: str
    now: datetime
    is_frozen: bool
    auto_approval: AutoApproval
    counters: Mapping[str, int]
    records: Records


def record_kinds(sandbox: Sandbox, transaction: Transaction) -> dict[str, type[Any]]:
    """The record type of each kind in a state, by name."""
    return {name: kind.record for name, kind in transaction.of_each_kind().items() if name not in _EXCLUDED}


def export_state(sandbox: Sandbox, transaction: Transaction) -> SandboxDocument:
    """The complete state, read in one transaction."""
    state = transaction.states.get()
    return SandboxDocument(
        utility=sandbox.fixtures.utility.id,
        seed=sandbox.settings.seed,
        now=sandbox.clock.at(clock_state(state)),
        is_frozen=state.clock_frozen is not None,
        auto_approval=state.auto_approval,
        counters=transaction.counters(),
        records={
            name: kind.list() for name, kind in transaction.of_each_kind().items() if name not in _EXCLUDED
        },
    )


def import_state(sandbox: Sandbox, state: SandboxDocument) -> None:
    """Import a state. The clock continues from the state's instant, and the journal is cleared.

    Raises InvalidParameter for an invalid state, and Conflict for a state of another utility or seed, which would
    change every reading. After an error, nothing has changed.
    """
    _check_origin(sandbox, state)
    check_instant(state.now)
    check_records(state.records, utility=sandbox.fixtures.utility)
    with sandbox.writing(exclusive=True) as transaction:
        _check_fit(transaction, state.records)
        transaction.clear(keep=SURVIVES_RESET)
        transaction.states.add(_state_of(sandbox, state))
        transaction.set_counters(_counters(state))
        kinds = transaction.of_each_kind()
        for name, records in state.records.items():
            kinds[name].add(*records)
    sandbox.journal.clear()


def _counters(state: SandboxDocument) -> dict[str, int]:
    """The sequences' counters: at least the highest number of each kind in the state."""
    counters = dict(state.counters)
    for kind in _NUMBERED:
        taken = [_number_of(one) for one in state.records.get(kind, ())]
        name = kind.removesuffix("s")
        if taken:
            counters[name] = max(counters.get(name, 0), *taken)
    return counters


def _number_of(record: Any) -> int:  # Any: kinds have different record types
    return int(record.uid if hasattr(record, "uid") else record.id)


def _check_origin(sandbox: Sandbox, state: SandboxDocument) -> None:
    own = sandbox.fixtures.utility.id
    if state.utility != own:
        raise Conflict(
            f"This state belongs to the utility {state.utility[:64]!r}, but this server plays {own!r}. Export a state "
            "from this utility."
        )
    if state.seed != sandbox.settings.seed:
        raise Conflict(
            "This state was exported with another seed, so all readings and bills would change. Start the server with "
            f"--seed {state.seed[:64]}."
        )


def _check_fit(transaction: Transaction, records: Records) -> None:
    kinds = transaction.of_each_kind()
    for name, found in records.items():
        keys = set()
        for place, record in enumerate(found):
            problem = kinds[name].column_problem(record)
            if problem is not None:
                raise InvalidParameter(f"The state cannot be used: records.{name}.{place}.{problem}.")
            key = kinds[name].key_of(record)
            if key in keys:
                raise InvalidParameter(
                    f"The state cannot be used: records.{name}.{place} has a duplicate key, {', '.join(map(str, key))}."
                )
            keys.add(key)


def _state_of(sandbox: Sandbox, state: SandboxDocument) -> SandboxState:
    return SandboxState(
        incarnation=sandbox.random.secret(),
        created=state.now,
        fixtures_digest=sandbox.fixtures.digest,
        clock_offset_seconds=sandbox.clock.offset_for(state.now).total_seconds(),
        clock_frozen=state.now if state.is_frozen else None,
        auto_approval=state.auto_approval,
        used=sandbox.clock.machine_now(),
        has_faults=any(fault.times_left != 0 for fault in state.records.get("faults", ())),
    )
