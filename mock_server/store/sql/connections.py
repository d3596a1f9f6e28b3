"""Transactions on the driver's own connections, which come from SQLAlchemy's pool.

SQLAlchemy's own connection and transaction objects cost more than most statements: three quarters of an empty
transaction.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor

from mock_server.store.sql.answers import Answers

Answer = TypeVar("Answer")
_ISOLATION: Final = {True: 2, False: 3}  # psycopg.IsolationLevel: READ_COMMITTED, REPEATABLE_READ


@dataclass(slots=True)
class Connection:
    """A connection in a transaction, and the dialect of its database."""

    dialect: Dialect
    driver: Any  # whatever the driver calls a connection
    is_writing: bool = False
    holds: int = 0
    """How many rows the transaction has locked; it may have waited for each."""
    remembered: dict[str, Answers] = field(default_factory=dict)
    """The cached results by sandbox (`store.memory`), while they are valid in this transaction."""
    touched: set[str] = field(default_factory=set)
    """The sandboxes in which the transaction wrote to a cached table."""

    def note_hold(self) -> None:
        """Note that the transaction may have waited for others, and now sees their changes."""
        self.holds += 1
        if self.dialect.name != "sqlite":  # there a transaction waits when it begins
            self.remembered.clear()

    def touch(self, sandbox: str) -> None:
        """Note that the cached results of the sandbox are no longer valid in this transaction."""
        self.remembered.pop(sandbox, None)
        self.touched.add(sandbox)

    def cursor(self) -> DBAPICursor:
        """A cursor to run a statement."""
        cursor: DBAPICursor = self.driver.cursor()
        return cursor


class PeekConnections:
    """Connections for single queries without a transaction. On SQLite each thread keeps its own, open all the time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def query(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run a query. Raises what the driver raises."""
        if self._engine.dialect.name != "sqlite":
            with open_peek(self._engine) as connection:
                return work(connection)
        own: Connection | None = getattr(self._own, "connection", None)
        if own is None:
            own = self._own.connection = Connection(self._engine.dialect, self._open())
        return work(own)

    def _open(self) -> sqlite3.Connection:
        pooled = self._engine.raw_connection()
        opened = pooled.driver_connection
        pooled.detach()  # the pool closes what it lends, and what is detached no more
        assert isinstance(opened, sqlite3.Connection)
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Close them all."""
        while self._opened:
            self._opened.pop().close()
        self._own = threading.local()


@contextmanager
def open_peek(engine: Engine) -> Iterator[Connection]:
    """A connection for one query, without a transaction. Raises the driver's errors."""
    driver = engine.raw_connection()
    connection: Any = driver.driver_connection  # the driver's own class
    try:
        if not isinstance(connection, sqlite3.Connection):
            connection.autocommit = True
        yield Connection(engine.dialect, connection)
    finally:
        if not isinstance(connection, sqlite3.Connection) and not connection.closed:
            connection.autocommit = False
        driver.close()


def begin(driver: Any, *, writing: bool) -> None:  # the driver's own class
    """Begin a transaction on SQLite: a writer takes its lock now, so it cannot fail half-way.

    PostgreSQL begins by itself. There a reader has one snapshot, as on SQLite; each statement of a writer sees what
    others have committed.
    """
    if isinstance(driver, sqlite3.Connection):
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif driver.read_only is writing or driver.read_only is None:
        driver.read_only = not writing
        driver.isolation_level = _ISOLATION[writing]
