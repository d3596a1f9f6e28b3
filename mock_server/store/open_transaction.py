"""A transaction as a context manager: begun on entry, committed on exit, rolled back if the block raises.

It is a class because every request passes here: nested generators took a third of an empty transaction's time.
"""

from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, final

from sqlalchemy import Engine

from mock_server.store.memory import raise_revisions
from mock_server.store.sql.connections import Connection, begin
from mock_server.store.sql.driver_errors import meaning_of
from mock_server.store.transaction import Transaction

OnBegin = Callable[[Transaction], None]
"""Prepares a transaction that has begun; what it raises ends the transaction."""


def raise_translated(error: BaseException, engine: Engine) -> NoReturn:
    """Raise this package's error for a driver's error, and any other error as it is."""
    meaning = meaning_of(error, engine.dialect.loaded_dbapi) if isinstance(error, Exception) else None
    if meaning is None:
        raise error
    raise meaning from error


@final
class OpenTransaction:
    """One transaction of a sandbox.

    A transaction that writes has `on_commit`: it is called just before the commit, and what it returns just after.
    """

    __slots__ = ("_driver", "_engine", "_on_begin", "_on_commit", "_sandbox", "_transaction", "_writes")

    def __init__(
        self,
        engine: Engine,
        sandbox: str,
        *on_begin: OnBegin,
        on_commit: Callable[[Transaction], Callable[[], None]] | None = None,
    ) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._on_begin = on_begin
        self._on_commit = on_commit
        self._writes = on_commit is not None

    def __enter__(self) -> Transaction:
        """Begin. Raises what `on_begin` raises."""
        try:
            driver = self._engine.raw_connection()
        except Exception as error:
            raise_translated(error, self._engine)
        try:
            begin(driver.driver_connection, writing=self._writes)
            connection = Connection(self._engine.dialect, driver.driver_connection, self._writes)
            transaction = Transaction(connection, self._sandbox)
            for prepare in self._on_begin:
                prepare(transaction)
        except BaseException as error:
            driver.close()
            raise_translated(error, self._engine)
        self._driver, self._transaction = driver, transaction
        return transaction

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit; roll back if the block raised an error that is not the one to commit with."""
        transaction = self._transaction
        commits = error is None or error is transaction.committed_error
        try:
            if commits and self._on_commit is not None:
                raise_revisions(transaction.connection)
                after = self._on_commit(transaction)
                self._driver.commit()
                after()
        except Exception as failure:
            raise_translated(failure, self._engine)
        finally:
            self._driver.close()  # the pool rolls back what is not committed
        if error is not None and not commits:
            raise_translated(error, self._engine)
