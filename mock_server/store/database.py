"""The database, SQLite in a file or PostgreSQL: opens transactions."""

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Engine

from mock_server.domain import records
from mock_server.domain.errors import MockServerError, SandboxEnded, TemporarilyUnavailable
from mock_server.store import cross_sandbox
from mock_server.store.memory import Memory, Revision, find_revision, raise_revisions
from mock_server.store.observed_state import current_observed_state, observing_state
from mock_server.store.retries import attempt, note_commit
from mock_server.store.sql.connections import Connection, open_peek, open_transaction
from mock_server.store.sql.driver_errors import meaning_of
from mock_server.store.transaction import Transaction

Answer = TypeVar("Answer")
Found = TypeVar("Found")
log = logging.getLogger("mock_server")
_PAUSES = {"sqlite": (0.0,), "postgresql": (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)}
"""Seconds between the goes at work that collided. SQLite has one writer at a time, so that little can."""


class DatabaseFile:
    """The file of a database, as it was when it was opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._identity = self._identify()

    @property
    def is_there(self) -> bool:
        """Whether the path leads to the same file still."""
        return self._identify() == self._identity

    def _identify(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_dev, found.st_ino


class Store:
    """One database, seen from one sandbox."""

    observing_state = staticmethod(observing_state)

    def __init__(
        self,
        engine: Engine,
        sandbox: str,
        file: DatabaseFile | None = None,
        *,
        owner: str | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._engine = engine
        self._file = file
        self._sandbox = sandbox
        self._owner = owner or sandbox
        self._name = f"{engine.url}#{self._owner}"
        self._memory = memory or Memory()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A consistent view; nothing is written.

        Raises SandboxEnded, SandboxReplaced where the sandbox is not the one that the request began with.
        """
        with self._connected(writing=False) as connection:
            look = current_observed_state()
            if self._owner == self._sandbox:
                self._recall(connection, self._checked_revision(connection))
            transaction = Transaction(connection, self._sandbox)
            if look is not None:
                transaction.state, transaction.pretended = (
                    look.states.get(self._name),
                    look.pretended.get(self._name),
                )
            yield transaction

    def _living(self, found: Found | None) -> Found:
        """What a sandbox that lives has. Raises SandboxEnded where there is none."""
        if found is None:
            raise SandboxEnded(
                f"The sandbox {self._owner!r} ended while this request was under way, so nothing was done. Send it "
                "again: that makes the sandbox anew."
            )
        return found

    @contextmanager
    def writing(self, *, exclusive: bool = False) -> Iterator[Transaction]:
        """One transaction of a sandbox that lives: committed when the block ends, undone when it raises.

        The sandbox cannot end or be reset meanwhile. `exclusive` waits for all its other writers, and they wait for it:
        for what clears everything, and for what two must not decide at once.

        Raises SandboxEnded, SandboxReplaced where it is not the one that the request began with, and Collided or
        Duplicate, which `attempt` and `run` try again.
        """
        locks = {self._owner: False} | {self._sandbox: exclusive}
        with self._locked(locks) as transaction:
            self._recall(transaction.connection, find_revision(transaction.connection, self._owner))
            transaction.state = self._living(self._state_within(transaction))
            if self._owner == self._sandbox and (look := current_observed_state()) is not None:
                look.check(self._name, transaction.state.incarnation)
                transaction.pretended = look.pretended.get(self._name)
            yield transaction

    @contextmanager
    def beginning(self, *, source: str | None = None) -> Iterator[Transaction]:
        """The same for a sandbox that may not have begun. Nobody else writes to it meanwhile, nor to `source`."""
        with self._locked({self._sandbox: True} | ({source: True} if source else {})) as transaction:
            transaction.state = transaction.of(self._sandbox).states.find()
            yield transaction

    @contextmanager
    def _locked(self, locks: Mapping[str, bool]) -> Iterator[Transaction]:
        """A transaction that holds these sandboxes, those with True for itself alone."""
        look = current_observed_state()
        if look is not None:
            look.states.clear()  # others may have written before it is our turn
        with self._connected(writing=True) as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                in_one_order = sorted(locks, key=_lock_of)  # so that no two wait for each other
                for one in in_one_order:
                    cross_sandbox.lock(connection, _lock_of(one), exclusive=locks[one])
            transaction = Transaction(connection, self._sandbox)
            error: MockServerError | None = None
            try:
                yield transaction
            except MockServerError as raised:
                if raised is not transaction.committed_error:
                    raise
                error = raised
            raise_revisions(connection)
            left = transaction.state_now()
        note_commit()
        if look is not None and self._owner == self._sandbox:
            look.note_commit(self._name, left)
        if error is not None:
            raise error

    def check(self) -> None:
        """Ask the database for something. Raises TemporarilyUnavailable, as everything here does."""
        with self.reading() as transaction:
            transaction.states.find()

    def pretend_state(self, state: records.SandboxState) -> None:
        """Let the rest of the request live by the clock of this state."""
        look = current_observed_state()
        if look is not None:
            look.pretended[self._name] = state

    def find_state(self) -> records.SandboxState | None:
        """What the sandbox remembers about itself; None before its fixtures are loaded."""
        look = current_observed_state()
        if look is not None and (known := look.pretended.get(self._name) or look.states.get(self._name)):
            return known
        state = self._peek()
        if look is not None and state is not None:
            look.see(self._name, state)
        return state

    def _checked_revision(self, connection: Connection) -> Revision | None:
        """The sandbox's revision. Raises SandboxEnded, SandboxReplaced within a request that began with another one."""
        revision = find_revision(connection, self._owner)
        look = current_observed_state()
        if look is not None and look.knows(self._name):
            look.check(self._name, self._living(revision).incarnation)
        return revision

    def _recall(self, connection: Connection, revision: Revision | None) -> None:
        """Let the transaction answer from memory what did not change since."""
        if revision is not None:
            connection.remembered[self._owner] = self._memory.at(self._owner, revision)

    def _peek(self) -> records.SandboxState | None:
        """The state as it is now: one short query where the process remembers it, a transaction where it does not."""
        with self._translated(), open_peek(self._engine) as connection:
            revision = self._checked_revision(connection)
        if revision is None:
            return None
        if (known := self._memory.at(self._owner, revision).state) is not None:
            return known
        with self.reading() as transaction:
            return self._state_within(transaction)

    def _state_within(self, transaction: Transaction) -> records.SandboxState | None:
        """The state as the transaction finds it, before it writes."""
        answers = transaction.connection.remembered.get(self._owner)
        if answers is not None and answers.state is not None:
            return answers.state
        found = transaction.of(self._owner).states.find()
        if answers is not None:
            answers.state = found
        return found

    def find_holder(self, fingerprint: str) -> str | None:
        """The name of another sandbox that has a token or a code with that hash; None where none has."""
        with self._connected(writing=False) as connection:
            return cross_sandbox.find_holder(connection, fingerprint, other_than=self._sandbox)

    @contextmanager
    def _connected(self, *, writing: bool) -> Iterator[Connection]:
        with self._translated(), open_transaction(self._engine, writing=writing) as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raises TemporarilyUnavailable without a database, and errors of ours for the driver's."""
        # A file that is gone answers while it is open, but what is written goes with it.
        if self._file is not None and not self._file.is_there:
            log.error("The database %s was deleted or replaced; restart the server.", self._file.path)
            raise TemporarilyUnavailable(
                "The server's database does not answer, because its file was deleted or replaced. Start "
                "the server anew."
            )
        try:
            yield
        except Exception as error:
            meaning = meaning_of(error, self._engine.dialect.loaded_dbapi)
            if meaning is None:
                raise
            raise meaning from error

    def attempt(self, work: Callable[[], Answer], *, wait: Callable[[float], object] = time.sleep) -> Answer:
        """Run database work, and repeat it if it collides with another transaction."""
        return attempt(work, pauses=_PAUSES[self._engine.dialect.name], wait=wait)

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """The same from the event loop: SQLite at once (it takes microseconds), others in a thread."""
        if self._engine.dialect.name == "sqlite":
            return self.attempt(work)
        return await asyncio.to_thread(self.attempt, work)

    def of(self, sandbox: str, *, owner: str | None = None) -> "Store":
        """The same database, seen from another sandbox; `owner` is the sandbox whose end is the end of its rows."""
        return type(self)(self._engine, sandbox, self._file, owner=owner, memory=self._memory)

    def list_states(self) -> dict[str, records.SandboxState]:
        """What every sandbox in the database remembers about itself, by name; snapshots are none."""
        with self._connected(writing=False) as connection:
            names = cross_sandbox.sandboxes(connection)
            found = {name: Transaction(connection, name).states.find() for name in names}
        return {name: state for name, state in found.items() if state is not None}

    def list_names(self) -> list[str]:
        """Every name under which any table has rows: sandboxes, copies, journals."""
        with self._connected(writing=False) as connection:
            return cross_sandbox.names(connection)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _lock_of(sandbox: str) -> int:
    """The number under which PostgreSQL knows a sandbox's lock."""
    return int.from_bytes(hashlib.sha256(sandbox.encode()).digest()[:8], signed=True)
