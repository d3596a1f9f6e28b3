"""The rows of one table in one sandbox, as records. One class serves every table."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Table

from mock_server.domain.errors import Conflict
from mock_server.store.column_limits import column_problem
from mock_server.store.memory import REMEMBERED
from mock_server.store.sql.connections import Connection
from mock_server.store.sql.statements import adding, adding_rows, changing, conditions, removing, selecting

Record = TypeVar("Record")
_MOST_AT_ONCE = 8
"""Up to this many rows are inserted by one cached statement; more rows by one statement each."""


@cache
def _field_names(record: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


@cache
def _builder(record: type[Record]) -> Callable[[list[Any]], Record]:
    """Makes a record of a row. A frozen record without checks of its own gets its fields at once: half the time."""
    names = _field_names(record)  # type: ignore[arg-type]  # a class is hashable
    if hasattr(record, "__post_init__"):
        return lambda row: record(**dict(zip(names, row, strict=True)))

    def build(row: list[Any]) -> Record:
        built = object.__new__(record)
        built.__dict__.update(zip(names, row, strict=True))
        return built

    return build


class TableAccess(Generic[Record]):
    """Records in, records out, within one transaction.

    A condition is a column name and a value; a tuple means "one of these", None means "is null", `NotLaterThan`
    and `LaterThan` compare instants and numbers.
    """

    def __init__(self, connection: Connection, sandbox: str, table: Table, record: type[Record]) -> None:
        self._connection = connection
        self._sandbox = sandbox
        self._table = table
        self._record = record
        self._names = _field_names(record)  # type: ignore[arg-type]  # a class is hashable
        self._build = _builder(record)  # type: ignore[arg-type]  # a class is hashable
        self._is_remembered = table.name in REMEMBERED

    @property
    def record(self) -> type[Record]:
        """The type of the records."""
        return self._record

    def key_of(self, record: Record) -> tuple[Any, ...]:
        """The record's key, unique in its sandbox."""
        return tuple(
            getattr(record, column.name) for column in self._table.primary_key if column.name != "sandbox"
        )

    def column_problem(self, record: Record) -> str | None:
        """Why the table cannot hold the record, naming the field; None if it can."""
        return column_problem(self._table, record)

    def find(self, **where: Any) -> Record | None:
        """The matching record, or None; the first in key order if there are several."""
        found = self.list(**where, limit=1)
        return found[0] if found else None

    def has(self, **where: Any) -> bool:
        """Whether any record matches. It is not read, unless it is remembered then."""
        if self._is_remembered:
            return self.find(**where) is not None
        shape, values = conditions(where)
        key = tuple(column.name for column in self._table.primary_key)
        prepared = selecting(self._connection.dialect, self._table, key[:1], shape, None, is_limited=True)
        return any(prepared.read(self._connection, values | {"sandbox": self._sandbox, "limit": 1}))

    def hold(self, **where: Any) -> Record | None:
        """Like `find`, but locks the record until the transaction ends; waits for other holders.

        On SQLite the write transaction is the lock.
        """
        found = self.list(**where, limit=1, holds=True)
        self._connection.note_hold()
        return found[0] if found else None

    def get(self, **where: Any) -> Record:
        """The matching record, which must exist. Raises Conflict if it was deleted meanwhile."""
        found = self.find(**where)
        if found is None:
            raise Conflict(
                "The sandbox ended during this request. Send it again to create the sandbox again."
            )
        return found

    def list(
        self,
        *,
        order: str | None = None,
        below: tuple[str, Any] | None = None,
        other_than: tuple[str, Collection[Any]] | None = None,
        limit: int | None = None,
        holds: bool = False,
        **where: Any,
    ) -> list[Record]:
        """All matching records, ordered by their keys, or by the column `order` and then their keys.

        A leading - sorts both in descending order. `below` limits a column, `other_than` excludes values.
        With `holds` they are locked until the transaction ends.
        """
        shape, values = conditions(where, below=below, other_than=other_than)
        answers = (
            self._connection.remembered.get(self._sandbox) if self._is_remembered and not holds else None
        )
        query = (self._table.name, shape, *values.values(), order, limit)
        if answers is not None and (known := answers.found.get(query)) is not None:
            return known.copy()
        prepared = selecting(
            self._connection.dialect,
            self._table,
            self._names,
            shape,
            order,
            is_limited=limit is not None,
            holds=holds,
        )
        rows = prepared.read(self._connection, values | {"sandbox": self._sandbox, "limit": limit})
        found = list(map(self._build, rows))
        if answers is not None:
            answers.remember(query, found.copy())
        return found

    def add(self, *records: Record) -> None:
        """Insert records. The database raises an error for a duplicate key."""
        if not records:
            return
        dialect = self._connection.dialect
        if 1 < len(records) <= _MOST_AT_ONCE:
            values = {
                f"{name}_{place}": value
                for place, record in enumerate(records)
                for name, value in self._values(record).items()
            }
            adding_rows(dialect, self._table, len(records)).run(self._connection, values)
        else:
            adding(dialect, self._table).run(self._connection, *map(self._values, records))
        self._note_change()

    def change(self, where: Mapping[str, Any], /, **values: Any) -> int:
        """Set columns where all conditions hold; returns the number of changed rows, which guards single use."""
        shape, parameters = conditions(where)
        prepared = changing(self._connection.dialect, self._table, shape, tuple(values))
        parameters |= {f"{name}_becomes": value for name, value in values.items()}
        return self._note_change(prepared.run(self._connection, parameters | {"sandbox": self._sandbox}))

    def remove(self, **where: Any) -> int:
        """Delete matching rows; returns their number."""
        shape, parameters = conditions(where)
        prepared = removing(self._connection.dialect, self._table, shape)
        return self._note_change(prepared.run(self._connection, parameters | {"sandbox": self._sandbox}))

    def _note_change(self, rows: int = 1) -> int:
        """Invalidate the cached results of these rows; returns the number of changed rows."""
        if self._is_remembered and rows:
            self._connection.touch(self._sandbox)
        return rows

    def _values(self, record: Record) -> dict[str, Any]:
        return {"sandbox": self._sandbox} | {name: getattr(record, name) for name in self._names}
