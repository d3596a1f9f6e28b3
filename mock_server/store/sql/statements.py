"""SQL statements, compiled once for each shape: building one takes ten times as long as SQLite takes to answer it.

A shape is everything about a statement but its values: the table, the columns in the conditions, how each is
compared. SQLAlchemy writes the SQL and knows how each type goes in and comes out; what is kept is its work. They run on
the driver's own cursor: SQLAlchemy's result objects cost more than the statements.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Column,
    ColumnElement,
    Integer,
    Table,
    TypeDecorator,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from mock_server.store.sql.connections import Connection

_MOST_SHAPES = 1_000
Readers = tuple[Callable[[Any], Any] | None, ...]


@dataclass(frozen=True)
class NotLaterThan:
    """Columns that hold an instant, or the digits of a number, up to this one."""

    bound: datetime | str


@dataclass(frozen=True)
class LaterThan:
    """Columns that hold more than that, or nothing."""

    bound: datetime | str


Comparison = Literal["is", "null", "in", "not in", "reached", "not reached", "below"]


@dataclass(frozen=True)
class Condition:
    """How a column is compared, and with how many values."""

    column: str
    comparison: Comparison
    count: int = 1


@dataclass
class Prepared:
    """SQL, and the ways of the types: from values to parameters, from a row's columns to values."""

    sql: str
    positions: tuple[str, ...] | None  # None where the driver takes parameters by name
    binders: Mapping[str, Callable[[Any], Any]]
    fixed: Mapping[str, Any]  # what the SQL dialect adds of its own, such as SQLite's OFFSET
    find_readers: Callable[[Any], Readers]
    readers: Readers | None = None  # known once the driver has said of which types its columns are

    def run(self, connection: Connection, *values: Mapping[str, Any]) -> int:
        """Execute with these values, once for each mapping; returns the number of affected rows."""
        with closing(connection.cursor()) as cursor:
            if len(values) == 1:
                cursor.execute(self.sql, self._parameters(values[0]))
            else:
                cursor.executemany(self.sql, [self._parameters(one) for one in values])
            return cursor.rowcount

    def read(self, connection: Connection, values: Mapping[str, Any]) -> Iterator[list[Any]]:
        """The rows, each as the values of its columns."""
        with closing(connection.cursor()) as cursor:
            cursor.execute(self.sql, self._parameters(values))
            found = cursor.fetchall()
            if self.readers is None:
                self.readers = self.find_readers(cursor.description)
        for row in found:
            yield [
                value if reader is None else reader(value)
                for reader, value in zip(self.readers, row, strict=True)
            ]

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        parameters = {**self.fixed, **values}
        for name, binder in self.binders.items():
            parameters[name] = binder(parameters[name])
        return parameters if self.positions is None else tuple(parameters[name] for name in self.positions)


def conditions(
    where: Mapping[str, Any],
    *,
    below: tuple[str, Any] | None = None,
    other_than: tuple[str, Collection[Any]] | None = None,
) -> tuple[tuple[Condition, ...], dict[str, Any]]:
    """The shape of the conditions, and their values under the names that the statement has for them."""
    shape: list[Condition] = []
    values: dict[str, Any] = {}
    for column, value in where.items():
        match value:
            case None:
                shape.append(Condition(column, "null", 0))
            case tuple():
                shape.append(Condition(column, "in", len(value)))
                values |= {f"{column}_is_{place}": one for place, one in enumerate(value)}
            case NotLaterThan(bound):
                shape.append(Condition(column, "reached"))
                values[f"{column}_is_0"] = bound
            case LaterThan(bound):
                shape.append(Condition(column, "not reached"))
                values[f"{column}_is_0"] = bound
            case _:
                shape.append(Condition(column, "is"))
                values[f"{column}_is_0"] = value
    if below is not None:
        shape.append(Condition(below[0], "below"))
        values[f"{below[0]}_below_0"] = below[1]
    if other_than is not None:
        shape.append(Condition(other_than[0], "not in", len(other_than[1])))
        values |= {f"{other_than[0]}_not_{place}": one for place, one in enumerate(other_than[1])}
    return tuple(shape), values


@lru_cache(_MOST_SHAPES)
def selecting(
    dialect: Dialect,
    table: Table,
    names: tuple[str, ...],
    shape: tuple[Condition, ...],
    order: str | None,
    is_limited: bool,
    holds: bool = False,
) -> Prepared:
    """The columns `names` of the rows that fit, in the order of their keys or of `order` first; held if wanted.

    `order` is a column, with a leading - for descending: then the keys of rows that are equal in it descend too.
    """
    query = select(*(table.c[name] for name in names)).where(_fits(table, shape))
    key = {column.name for column in table.primary_key} - {"sandbox"}
    if key - {one.column for one in shape if one.comparison == "is"}:  # there may be several rows
        # Without an order PostgreSQL hands them out as they lie, which changes with each copy.
        named = (order or "").removeprefix("-")
        columns = ([table.c[named]] if named else []) + [
            column for column in table.primary_key if column.name in key - {named}
        ]
        is_descending = order is not None and order.startswith("-")
        query = query.order_by(*(column.desc() if is_descending else column for column in columns))
    if is_limited:
        query = query.limit(bindparam("limit", type_=Integer()))
    if holds:
        query = query.with_for_update()
    return prepared(dialect, query, tuple(table.c[name].type for name in names))


@lru_cache(_MOST_SHAPES)
def adding(dialect: Dialect, table: Table) -> Prepared:
    """A statement that inserts a row."""
    return prepared(dialect, insert(table).values({column: bindparam(column.name) for column in table.c}))


@lru_cache(_MOST_SHAPES)
def adding_rows(dialect: Dialect, table: Table, count: int) -> Prepared:
    """A statement that inserts so many rows, from values called `{column}_{place}`."""
    rows = [
        {column: bindparam(f"{column.name}_{place}", type_=column.type) for column in table.c}
        for place in range(count)
    ]
    return prepared(dialect, insert(table).values(rows))


@lru_cache(_MOST_SHAPES)
def changing(
    dialect: Dialect, table: Table, shape: tuple[Condition, ...], names: tuple[str, ...]
) -> Prepared:
    """The columns `names` of the rows that fit, from values called `{name}_becomes`."""
    values = {name: bindparam(f"{name}_becomes", type_=table.c[name].type) for name in names}
    return prepared(dialect, update(table).where(_fits(table, shape)).values(values))


@lru_cache(_MOST_SHAPES)
def removing(dialect: Dialect, table: Table, shape: tuple[Condition, ...]) -> Prepared:
    """The rows that fit."""
    return prepared(dialect, delete(table).where(_fits(table, shape)))


def _fits(table: Table, shape: tuple[Condition, ...]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == bindparam("sandbox", type_=table.c.sandbox.type)
    for one in shape:
        condition &= _holds(table.c[one.column], one)
    return condition


def _holds(column: Column[Any], one: Condition) -> ColumnElement[bool]:
    def value(word: str, place: int = 0) -> BindParameter[Any]:
        return bindparam(f"{one.column}_{word}_{place}", type_=column.type)

    match one.comparison:
        case "null":
            return column.is_(None)
        case "in":
            return column.in_([value("is", place) for place in range(one.count)]) if one.count else false()
        case "not in":
            return column.not_in([value("not", place) for place in range(one.count)]) if one.count else true()
        case "reached":
            return column <= value("is")
        case "not reached":
            return or_(column.is_(None), column > value("is"))
        case "below":
            return column < value("below")
        case "is":
            return column == value("is")


def prepared(
    dialect: Dialect, statement: ClauseElement, columns: tuple[TypeEngine[Any], ...] = ()
) -> Prepared:
    """Any statement, compiled for that database; of a query the types of its columns."""
    compiled: Any = statement.compile(dialect=dialect)  # an SQLCompiler, whose class the statement hides
    found = {name: _kind(dialect, bind.type).bind_processor(dialect) for name, bind in compiled.binds.items()}

    def find_readers(description: Any) -> Readers:
        pairs = zip(columns, description, strict=True)
        return tuple(_kind(dialect, kind).result_processor(dialect, column[1]) for kind, column in pairs)

    return Prepared(
        sql=compiled.string,
        positions=tuple(compiled.positiontup) if compiled.positional else None,
        binders={name: binder for name, binder in found.items() if binder is not None},
        fixed={name: value for name, value in compiled.params.items() if value is not None},
        find_readers=find_readers,
    )


def _kind(dialect: Dialect, kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The database's own type of a column; a decorated type finds it itself."""
    return kind if isinstance(kind, TypeDecorator) else kind.dialect_impl(dialect)
