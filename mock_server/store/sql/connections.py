"""Transactions on the driver's own connections, which come from SQLAlchemy's pool.

SQLAlchemy's own connection and transaction objects cost more than most of what is done within one: three quarters of
an empty transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection

from mock_server.store.sql.answers import Answers

_ISOLATION: Final = {True: 2, False: 3}  # psycopg.IsolationLevel: READ_COMMITTED, REPEATABLE_READ


@dataclass(slots=True)
class Connection:
    """A connection within a transaction, and the dialect of its database."""

    dialect: Dialect
    driver: PoolProxiedConnection
    is_writing: bool = False
    holds: int = 0
    """How many rows the transaction took hold of, each after waiting for whoever had it."""
    remembered: dict[str, Answers] = field(default_factory=dict)
    """By sandbox the answers that the process remembers (`store.memory`), while they are those of this transaction."""
    touched: set[str] = field(default_factory=set)
    """The sandboxes in which the transaction wrote to a remembered table."""

    def note_hold(self) -> None:
        """Note that the transaction may have waited for others, whose changes it sees from now on."""
        self.holds += 1
        if self.dialect.name != "sqlite":  # there the transaction waited when it began
            self.remembered.clear()

    def touch(self, sandbox: str) -> None:
        """Note that what the process remembers of the sandbox is no longer what this transaction reads."""
        self.remembered.pop(sandbox, None)
        self.touched.add(sandbox)

    def cursor(self) -> DBAPICursor:
        """Where a statement runs."""
        return self.driver.cursor()


@contextmanager
def open_transaction(engine: Engine, *, writing: bool) -> Iterator[Connection]:
    """One transaction: committed when the block ends, undone when it raises. Raises what the driver raises."""
    driver = engine.raw_connection()
    try:
        begin(driver.driver_connection, writing=writing)
        yield Connection(engine.dialect, driver, writing)
        driver.commit()
    finally:
        driver.close()  # the pool rolls back what is not committed


@contextmanager
def open_peek(engine: Engine) -> Iterator[Connection]:
    """A connection for one query, without a transaction around it. Raises what the driver raises."""
    driver = engine.raw_connection()
    connection: Any = driver.driver_connection  # whatever the driver calls it
    try:
        if not isinstance(connection, sqlite3.Connection):
            connection.autocommit = True
        yield Connection(engine.dialect, driver)
    finally:
        if not isinstance(connection, sqlite3.Connection) and not connection.closed:
            connection.autocommit = False
        driver.close()


def begin(driver: Any, *, writing: bool) -> None:  # whatever the driver calls a connection
    """Begin on SQLite, where a writer waits for its turn now and never fails half-way; others begin by themselves.

    There a reader sees one moment, as on SQLite. A writer sees what others committed before each of its statements.
    """
    if isinstance(driver, sqlite3.Connection):
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif driver.read_only is writing or driver.read_only is None:
        driver.read_only = not writing
        driver.isolation_level = _ISOLATION[writing]
