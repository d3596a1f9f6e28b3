"""The database, SQLite in a file or PostgreSQL: opens transactions."""

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine

from mock_server.domain import records
from mock_server.domain.errors import SandboxEnded, TemporarilyUnavailable
from mock_server.store import cross_sandbox
from mock_server.store.memory import Memory, Revision, find_revision
from mock_server.store.observed_state import ObservedState, current_observed_state, observing_state
from mock_server.store.open_transaction import OnBegin, OpenTransaction, raise_translated
from mock_server.store.retries import attempt, note_commit
from mock_server.store.sql.connections import Connection, PeekConnections
from mock_server.store.transaction import Transaction

Answer = TypeVar("Answer")
Found = TypeVar("Found")
log = logging.getLogger("mock_server")
_PAUSES = {"sqlite": (0.0,), "postgresql": (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)}
"""Seconds between attempts after a collision. SQLite has one writer at a time, so collisions are rare."""


class DatabaseFile:
    """The file of a database, with its identity when it was opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._identity = self._identify()

    @property
    def is_there(self) -> bool:
        """Whether the path still refers to the same file."""
        return self._identify() == self._identity

    def _identify(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_dev, found.st_ino


class Store:
    """One sandbox's view of the database."""

    observing_state = staticmethod(observing_state)

    def __init__(
        self,
        engine: Engine,
        sandbox: str,
        file: DatabaseFile | None = None,
        *,
        owner: str | None = None,
        memory: Memory | None = None,
        peeks: PeekConnections | None = None,
        is_new: bool = False,
    ) -> None:
        self.is_new = is_new
        """Whether the database was empty when it was opened."""
        self._engine = engine
        self._file = file
        self._sandbox = sandbox
        self._owner = owner or sandbox
        self._name = f"{engine.url}#{self._owner}"
        self._memory = memory or Memory()
        self._peeks = peeks or PeekConnections(engine)

    def reading(self, *on_begin: OnBegin) -> OpenTransaction:
        """A read transaction with a consistent view; `on_begin` prepares it further.

        Raises SandboxEnded or SandboxReplaced if the sandbox is not the one that the request began with.
        """
        self._check_file()
        return OpenTransaction(self._engine, self._sandbox, self._begin_reading, *on_begin)

    def _begin_reading(self, transaction: Transaction) -> None:
        observed = current_observed_state()
        if self._owner == self._sandbox:
            self._recall(transaction.connection, self._checked_revision(transaction.connection))
        if observed is not None:
            transaction.state = observed.states.get(self._name)
            transaction.pretended = observed.pretended.get(self._name)

    def _require_alive(self, found: Found | None) -> Found:
        """`found`, which every existing sandbox has. Raises SandboxEnded if it is None."""
        if found is None:
            raise SandboxEnded(
                f"The sandbox {self._owner!r} was deleted during this request, so nothing was done. Send the request "
                "again to create the sandbox again."
            )
        return found

    def writing(self, *on_begin: OnBegin, exclusive: bool = False) -> OpenTransaction:
        """A write transaction of an existing sandbox: committed when the block ends, rolled back if it raises.

        The sandbox cannot be deleted or reset meanwhile. `exclusive` excludes its other writers: for work that clears
        everything, and for decisions that must not be made concurrently.

        Raises SandboxEnded or SandboxReplaced if it is not the sandbox that the request began with, and Collided or
        Duplicate, which `attempt` and `run` retry.
        """
        locks = {self._owner: False} | {self._sandbox: exclusive}
        return self._locked(locks, self._begin_writing, *on_begin)

    def _begin_writing(self, transaction: Transaction) -> None:
        self._recall(transaction.connection, find_revision(transaction.connection, self._owner))
        transaction.state = self._require_alive(self._state_within(transaction))
        if self._owner == self._sandbox and (observed := current_observed_state()) is not None:
            observed.check(self._name, transaction.state.incarnation)
            transaction.pretended = observed.pretended.get(self._name)

    def beginning(self, *on_begin: OnBegin, source: str | None = None) -> OpenTransaction:
        """A write transaction of a sandbox that may not exist yet. It excludes other writers of it and of `source`."""
        locks = {self._sandbox: True} | ({source: True} if source else {})
        return self._locked(locks, self._begin_anew, *on_begin)

    def _begin_anew(self, transaction: Transaction) -> None:
        transaction.state = transaction.of(self._sandbox).states.find()

    def _locked(self, locks: Mapping[str, bool], *on_begin: OnBegin) -> OpenTransaction:
        """A write transaction that locks these sandboxes, exclusively where the value is True."""
        self._check_file()
        observed = current_observed_state()
        if observed is not None:
            observed.states.clear()  # others may write before this transaction gets its lock
        if self._engine.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            on_begin = (partial(_lock, locks=locks), *on_begin)
        return OpenTransaction(self._engine, self._sandbox, *on_begin, on_commit=self._note_commit)

    def _note_commit(self, transaction: Transaction) -> Callable[[], None]:
        """Note the state that the transaction leaves, once it is committed."""
        observed = current_observed_state()
        if observed is None or self._owner != self._sandbox:
            return note_commit
        return partial(_note_commit, observed, self._name, transaction.state_now())

    def check(self) -> None:
        """Check that the database responds. Raises TemporarilyUnavailable, as every method here does."""
        with self.reading() as transaction:
            transaction.states.find()

    def pretend_state(self, state: records.SandboxState) -> None:
        """Use the clock of this state for the rest of the request."""
        observed = current_observed_state()
        if observed is not None:
            observed.pretended[self._name] = state

    def find_state(self) -> records.SandboxState | None:
        """The sandbox's state; None before its fixtures are loaded."""
        observed = current_observed_state()
        if observed is not None and (
            known := observed.pretended.get(self._name) or observed.states.get(self._name)
        ):
            return known
        state = self._peek()
        if observed is not None and state is not None:
            observed.see(self._name, state)
        return state

    def _checked_revision(self, connection: Connection) -> Revision | None:
        """The sandbox's revision. Raises SandboxEnded, SandboxReplaced if the request began with another sandbox."""
        revision = find_revision(connection, self._owner)
        observed = current_observed_state()
        if observed is not None and observed.knows(self._name):
            observed.check(self._name, self._require_alive(revision).incarnation)
        return revision

    def _recall(self, connection: Connection, revision: Revision | None) -> None:
        """Let the transaction read from memory what has not changed since this revision."""
        if revision is not None:
            connection.remembered[self._owner] = self._memory.at(self._owner, revision)

    def _peek(self) -> records.SandboxState | None:
        """The current state: one short query if the process remembers it, otherwise a transaction."""
        self._check_file()
        try:
            revision = self._peeks.query(self._checked_revision)
        except Exception as error:
            raise_translated(error, self._engine)
        if revision is None:
            return None
        if (known := self._memory.at(self._owner, revision).state) is not None:
            return known
        with self.reading() as transaction:
            return self._state_within(transaction)

    def _state_within(self, transaction: Transaction) -> records.SandboxState | None:
        """The state at the start of the transaction, before it writes."""
        answers = transaction.connection.remembered.get(self._owner)
        if answers is not None and answers.state is not None:
            return answers.state
        found = transaction.of(self._owner).states.find()
        if answers is not None:
            answers.state = found
        return found

    def find_holder(self, fingerprint: str) -> str | None:
        """The name of another sandbox that has a token or a code with that hash; None if there is none."""
        with self._connected() as transaction:
            return cross_sandbox.find_holder(transaction.connection, fingerprint, other_than=self._sandbox)

    def _connected(self) -> OpenTransaction:
        """A read transaction of the database, whichever sandboxes it holds."""
        self._check_file()
        return OpenTransaction(self._engine, self._sandbox)

    def _check_file(self) -> None:
        """Raises TemporarilyUnavailable if the database file is gone: it works while it is open, but keeps nothing."""
        if self._file is not None and not self._file.is_there:
            log.error("The database %s was deleted or replaced; restart the server.", self._file.path)
            raise TemporarilyUnavailable(
                "The server's database is not available, because its file was deleted or replaced. Restart the server."
            )

    def attempt(self, work: Callable[[], Answer], *, wait: Callable[[float], object] = time.sleep) -> Answer:
        """Run database work, and repeat it if it collides with another transaction."""
        return attempt(work, pauses=_PAUSES[self._engine.dialect.name], wait=wait)

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """`attempt`, from the event loop: SQLite directly (it takes microseconds), PostgreSQL in a thread."""
        if self._engine.dialect.name == "sqlite":
            return self.attempt(work)
        return await asyncio.to_thread(self.attempt, work)

    def of(self, sandbox: str, *, owner: str | None = None) -> "Store":
        """The view of another sandbox. `owner` is the sandbox whose deletion also deletes these rows."""
        return type(self)(
            self._engine, sandbox, self._file, owner=owner, memory=self._memory, peeks=self._peeks
        )

    def list_states(self) -> dict[str, records.SandboxState]:
        """The state of every sandbox in the database, by name; without snapshots."""
        with self._connected() as transaction:
            names = cross_sandbox.sandboxes(transaction.connection)
            found = {name: transaction.of(name).states.find() for name in names}
        return {name: state for name, state in found.items() if state is not None}

    def list_names(self) -> list[str]:
        """Every name under which any table has rows: sandboxes, copies, journals."""
        with self._connected() as transaction:
            return cross_sandbox.names(transaction.connection)

    def close(self) -> None:
        """Close all connections."""
        self._peeks.close()
        self._engine.dispose()


def _note_commit(observed: ObservedState, name: str, final_state: records.SandboxState | None) -> None:
    observed.note_commit(name, final_state)
    note_commit()


def _lock(transaction: Transaction, *, locks: Mapping[str, bool]) -> None:
    """Lock the sandboxes, in a fixed order, which prevents deadlocks."""
    for sandbox in sorted(locks, key=_lock_of):
        cross_sandbox.lock(transaction.connection, _lock_of(sandbox), exclusive=locks[sandbox])


def _lock_of(sandbox: str) -> int:
    """The number of a sandbox's advisory lock on PostgreSQL."""
    return int.from_bytes(hashlib.sha256(sandbox.encode()).digest()[:8], signed=True)
