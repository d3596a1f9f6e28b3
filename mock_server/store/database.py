"""Where everything is remembered: SQLite in a file or PostgreSQL. Hands out transactions, decides nothing else."""

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from mock_server.core import records
from mock_server.core.errors import InvalidRequest, TemporarilyUnavailable
from mock_server.store import across
from mock_server.store.connections import Connection, transaction
from mock_server.store.transaction import Transaction

Answer = TypeVar("Answer")
log = logging.getLogger("mock_server")


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


@dataclass
class _Look:
    """What one request saw of the sandboxes' states, by database and sandbox, until it wrote or ended."""

    states: dict[str, records.SandboxState] = field(default_factory=dict)
    is_over: bool = False  # a task that the request began has it still


_LOOK: ContextVar[_Look | None] = ContextVar("mock_server_look", default=None)


class Store:
    """One database, seen from one sandbox."""

    def __init__(self, engine: Engine, sandbox: str, file: DatabaseFile | None = None) -> None:
        self._engine = engine
        self._file = file
        driver = engine.dialect.loaded_dbapi
        # What is raised by a database that is gone, full or locked, and where no connection is free.
        self._gone = (driver.OperationalError, driver.InterfaceError, NoConnectionFree)
        self._unfit = driver.DataError
        self._sandbox = sandbox
        self._name = f"{engine.url}#{sandbox}"
        self._lock = _lock_of(sandbox)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A consistent view; nothing is written."""
        with self._connected(writing=False) as connection:
            yield Transaction(connection, self._sandbox)

    @contextmanager
    def writing(self, *, alone: bool = False, beside: str | None = None) -> Iterator[Transaction]:
        """One transaction: committed when the block ends, undone when it raises.

        `alone` waits for all other writers of the sandbox, and they wait for it: for what clears everything. `beside`
        names another sandbox that nobody writes to meanwhile either.
        """
        try:
            with self._connected(writing=True) as connection:
                if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                    locks = {self._lock} if beside is None else {self._lock, _lock_of(beside)}
                    for one in sorted(locks):  # in one order, so that no two wait for each other
                        across.lock(connection, one, alone=alone)
                yield Transaction(connection, self._sandbox)
        finally:
            look = _LOOK.get()
            if look is not None:
                look.states.clear()

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Within the block, `find_state` asks the database once, and anew after each write of the block.

        A request reads its sandbox's clock several times, and a reading costs more than many a request's rest.
        """
        look = _Look()
        token = _LOOK.set(look)
        try:
            yield
        finally:
            _LOOK.reset(token)
            look.is_over = True

    def check(self) -> None:
        """Ask the database for something. Raises TemporarilyUnavailable, as everything here does."""
        with self.reading() as rows:
            rows.states.find()

    def show_state(self, state: records.SandboxState) -> None:
        """Let the rest of the look see this state, until it writes."""
        look = _LOOK.get()
        if look is not None:
            look.states[self._name] = state

    def find_state(self) -> records.SandboxState | None:
        """What the sandbox remembers about itself; None before its fixtures are loaded."""
        look = _LOOK.get()
        if look is not None and not look.is_over and self._name in look.states:
            return look.states[self._name]
        with self.reading() as rows:
            state = rows.states.find()
        if look is not None and state is not None:
            look.states[self._name] = state
        return state

    def find_holder(self, fingerprint: str) -> str | None:
        """The name of another sandbox that has a token or a code with that hash; None where none has."""
        with self._connected(writing=False) as connection:
            return across.find_holder(connection, fingerprint, other_than=self._sandbox)

    @contextmanager
    def _connected(self, *, writing: bool) -> Iterator[Connection]:
        # A file that is gone answers while it is open, but what is written goes with it.
        if self._file is not None and not self._file.is_there:
            log.error("The database %s was deleted or replaced; start the server anew.", self._file.path)
            raise TemporarilyUnavailable(
                "The server's database does not answer, because its file was deleted or replaced. Start "
                "the server anew."
            )
        try:
            with transaction(self._engine, writing=writing) as connection:
                yield connection
        except self._gone as error:
            raise _unavailable(error) from error
        except self._unfit as error:
            raise InvalidRequest(
                "The request has a text or a number that no database keeps, such as a text with a NUL in it (%00). "
                "Send it without."
            ) from error

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Do database work from the event loop: SQLite at once (it takes microseconds), others in a thread."""
        if self._engine.dialect.name == "sqlite":
            return work()
        return await asyncio.to_thread(work)

    def of(self, sandbox: str) -> "Store":
        """The same database, seen from another sandbox."""
        return Store(self._engine, sandbox, self._file)

    def list_states(self) -> dict[str, records.SandboxState]:
        """What every sandbox in the database remembers about itself, by name; snapshots are none."""
        with self._connected(writing=False) as connection:
            names = across.sandboxes(connection)
            found = {name: Transaction(connection, name).states.find() for name in names}
        return {name: state for name, state in found.items() if state is not None}

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _lock_of(sandbox: str) -> int:
    """The number under which PostgreSQL knows a sandbox's lock."""
    return int.from_bytes(hashlib.sha256(sandbox.encode()).digest()[:8], signed=True)


def _unavailable(error: Exception) -> TemporarilyUnavailable:
    log.error("The database does not answer: %s", str(error).strip())
    return TemporarilyUnavailable(
        "The server's database does not answer, so nothing was done. Try again in a moment; the log says why."
    )
