"""SQL statements, compiled once per shape: building one takes ten times as long as SQLite takes to run it.

A shape is a statement without its values: the table, the columns in the conditions, and how each is compared.
SQLAlchemy compiles the SQL and converts the types; the result is cached. Statements run on the driver's own cursor,
because SQLAlchemy's result objects cost more than the statements.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

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
    """A condition: the column's instant or number is at most `bound`."""

    bound: datetime | str


@dataclass(frozen=True)
class LaterThan:
    """A condition: the column's value is greater than `bound`, or null."""

    bound: datetime | str


Comparison = Literal["is", "null", "in", "not in", "reached", "not reached", "below"]


class Condition(NamedTuple):
    """How a column is compared, and with how many values."""

    column: str
    comparison: Comparison
    size: int = 1


@dataclass
class Prepared:
    """Compiled SQL, with the conversions of values to parameters and of columns to values."""

    sql: str
    positions: tuple[str, ...] | None  # None where the driver takes parameters by name
    binders: Mapping[str, Callable[[Any], Any]]
    fixed: Mapping[str, Any]  # parameters that the dialect adds, such as SQLite's OFFSET
    find_readers: Callable[[Any], Readers]
    readers: Readers | None = None  # known once the driver has returned the types of the columns

    def run(self, connection: Connection, *values: Mapping[str, Any]) -> int:
        """Execute once for each mapping of values; returns the number of affected rows."""
        cursor = connection.cursor()
        try:
            if len(values) == 1:
                cursor.execute(self.sql, self._parameters(values[0]))
            else:
                cursor.executemany(self.sql, [self._parameters(one) for one in values])
            return cursor.rowcount
        finally:
            cursor.close()

    def read(self, connection: Connection, values: Mapping[str, Any]) -> list[list[Any]]:
        """The rows, each as the values of its columns."""
        cursor = connection.cursor()
        try:
            cursor.execute(self.sql, self._parameters(values))
            found = cursor.fetchall()
            if self.readers is None:
                self.readers = self.find_readers(cursor.description)
        finally:
            cursor.close()
        readers = self.readers
        return [
            [value if reader is None else reader(value) for reader, value in zip(readers, row, strict=True)]
            for row in found
        ]

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        parameters = {**self.fixed, **values}
        for name, binder in self.binders.items():
            parameters[name] = binder(parameters[name])
        return parameters if self.positions is None else [parameters[name] for name in self.positions]


def conditions(
    where: Mapping[str, Any],
    *,
    below: tuple[str, Any] | None = None,
    other_than: tuple[str, Collection[Any]] | None = None,
) -> tuple[tuple[Condition, ...], dict[str, Any]]:
    """The shape of the conditions, and their values by parameter name."""
    shape: list[Condition] = []
    values: dict[str, Any] = {}
    for column, value in where.items():
        match value:
            case None:
                shape.append(Condition(column, "null", 0))
            case tuple():
                choices = _filled_up(value)
                shape.append(Condition(column, "in", len(choices)))
                values |= {f"{column}_is_{place}": one for place, one in enumerate(choices)}
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
        choices = _filled_up(tuple(other_than[1]))
        shape.append(Condition(other_than[0], "not in", len(choices)))
        values |= {f"{other_than[0]}_not_{place}": one for place, one in enumerate(choices)}
    return tuple(shape), values


def _filled_up(choices: tuple[Any, ...]) -> tuple[Any, ...]:
    """The choices, with the last one repeated up to a power of two, so that there are few different statements."""
    size = 1 << (len(choices) - 1).bit_length() if choices else 0
    return choices + choices[-1:] * (size - len(choices))


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
    """Selects the columns `names` of matching rows, ordered by `order`, then by key; locks them if `holds`.

    `order` is a column. A leading - sorts it and the keys in descending order.
    """
    query = select(*(table.c[name] for name in names)).where(_matches(table, shape))
    key = {column.name for column in table.primary_key} - {"sandbox"}
    if key - {one.column for one in shape if one.comparison == "is"}:  # there may be several rows
        # Without ORDER BY, PostgreSQL returns rows in storage order, which changes with each copy.
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
    """A statement that inserts `count` rows, from values named `{column}_{place}`."""
    rows = [
        {column: bindparam(f"{column.name}_{place}", type_=column.type) for column in table.c}
        for place in range(count)
    ]
    return prepared(dialect, insert(table).values(rows))


@lru_cache(_MOST_SHAPES)
def changing(
    dialect: Dialect, table: Table, shape: tuple[Condition, ...], names: tuple[str, ...]
) -> Prepared:
    """Updates the columns `names` of matching rows, from values named `{name}_becomes`."""
    values = {name: bindparam(f"{name}_becomes", type_=table.c[name].type) for name in names}
    return prepared(dialect, update(table).where(_matches(table, shape)).values(values))


@lru_cache(_MOST_SHAPES)
def removing(dialect: Dialect, table: Table, shape: tuple[Condition, ...]) -> Prepared:
    """Deletes matching rows."""
    return prepared(dialect, delete(table).where(_matches(table, shape)))


def _matches(table: Table, shape: tuple[Condition, ...]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.sandbox == bindparam("sandbox", type_=table.c.sandbox.type)
    for part in shape:
        condition &= _compares(table.c[part.column], part)
    return condition


def _compares(column: Column[Any], one: Condition) -> ColumnElement[bool]:
    def value(word: str, place: int = 0) -> BindParameter[Any]:
        return bindparam(f"{one.column}_{word}_{place}", type_=column.type)

    match one.comparison:
        case "null":
            return column.is_(None)
        case "in":
            return column.in_([value("is", place) for place in range(one.size)]) if one.size else false()
        case "not in":
            return column.not_in([value("not", place) for place in range(one.size)]) if one.size else true()
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
    """Compile a statement for a database; `columns` are the types of a query's columns."""
    compiled: Any = statement.compile(dialect=dialect)  # an SQLCompiler, but the annotation is wider
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
