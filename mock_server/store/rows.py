"""The rows of one table in one sandbox, as records. One class serves every table; it knows no rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, or_, select, update

from mock_server.store.fit import misfit

Record = TypeVar("Record")


@dataclass(frozen=True)
class Reached:
    """Columns that hold an instant up to this one."""

    instant: datetime


@dataclass(frozen=True)
class NotReached:
    """Columns that hold a later instant, or none."""

    instant: datetime


@cache
def _field_names(record: type[Any]) -> tuple[str, ...]:
    """The fields of a record: each transaction asks for those of every table."""
    return tuple(field.name for field in fields(record))


class Rows(Generic[Record]):
    """Records in, records out, within one transaction.

    A condition is a column name and a value; a tuple means "one of these", None means "is null", `Reached` and
    `NotReached` compare instants.
    """

    def __init__(self, connection: Connection, sandbox: str, table: Table, record: type[Record]) -> None:
        self._connection = connection
        self._sandbox = sandbox
        self._table = table
        self._record = record
        self._names = _field_names(record)  # type: ignore[arg-type]  # a class is hashable

    @property
    def record(self) -> type[Record]:
        """What the rows are."""
        return self._record

    def key_of(self, record: Record) -> tuple[Any, ...]:
        """What tells the record from all others of its sandbox."""
        return tuple(
            getattr(record, column.name) for column in self._table.primary_key if column.name != "sandbox"
        )

    def misfit(self, record: Record) -> str | None:
        """Why the table cannot hold the record, naming the field; None if it can."""
        return misfit(self._table, record)

    def find(self, **where: Any) -> Record | None:
        """The one record that fits, or None; the first in key order if there are several."""
        found = self.list(**where, limit=1)
        return found[0] if found else None

    def get(self, **where: Any) -> Record:
        """The one record that fits, where there must be one."""
        found = self.find(**where)
        assert found is not None
        return found

    def list(
        self,
        *,
        order: str | None = None,
        below: tuple[str, Any] | None = None,
        other_than: tuple[str, Collection[Any]] | None = None,
        limit: int | None = None,
        **where: Any,
    ) -> list[Record]:
        """All that fit. `order` is a column, with a leading - for descending; `below` bounds one from above.

        `other_than` are values that a column must not have.
        """
        query = select(*(self._table.c[name] for name in self._names)).where(self._fits(where))
        if below is not None:
            query = query.where(self._table.c[below[0]] < below[1])
        if other_than is not None:
            query = query.where(self._table.c[other_than[0]].not_in(other_than[1]))
        if order is not None:
            column = self._table.c[order.removeprefix("-")]
            query = query.order_by(column.desc() if order.startswith("-") else column)
        if limit is not None:
            query = query.limit(limit)
        return [self._record(**row) for row in self._connection.execute(query).mappings()]

    def add(self, *records: Record) -> None:
        """Insert; a second record with the same key is the database's error."""
        if records:
            self._connection.execute(insert(self._table), [self._values(record) for record in records])

    def change(self, where: Mapping[str, Any], /, **values: Any) -> int:
        """Set columns where all conditions hold and tell how many rows changed: the guard of single use."""
        result = self._connection.execute(update(self._table).where(self._fits(where)).values(**values))
        return result.rowcount

    def remove(self, **where: Any) -> int:
        """Delete what fits and tell how many rows went."""
        return self._connection.execute(delete(self._table).where(self._fits(where))).rowcount

    def _fits(self, where: Mapping[str, Any]) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = self._table.c.sandbox == self._sandbox
        for name, value in where.items():
            condition &= _holds(self._table.c[name], value)
        return condition

    def _values(self, record: Record) -> dict[str, Any]:
        return {"sandbox": self._sandbox} | {name: getattr(record, name) for name in self._names}


def _holds(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column == value
    match value:
        case tuple():
            condition = column.in_(value)
        case Reached(instant):
            condition = column <= instant
        case NotReached(instant):
            condition = or_(column.is_(None), column > instant)
    return condition
