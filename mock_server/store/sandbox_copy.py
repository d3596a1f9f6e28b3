"""Deletes a sandbox, or copies it under another name inside the database.

The statements are cached: building sixty takes longer than running them, and a reset must be fast.
"""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import String, bindparam, delete, insert, select
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.connections import Connection
from mock_server.store.sql.statements import Prepared, adding, prepared


def clear_rows(connection: Connection, sandbox: str, *, keep: tuple[str, ...]) -> None:
    """Delete the sandbox's rows, except in the tables named in `keep`."""
    _run(connection, _deletions(connection.dialect, keep), {"target": sandbox})


def copy_rows(
    connection: Connection,
    *,
    source: str,
    target: str,
    leave: tuple[str, ...] = (),
    only: tuple[str, ...] | None = None,
) -> None:
    """Copy the rows of `source` to `target`: in the tables of `only` (None: all), except those of `leave`."""
    _run(connection, _copies(connection.dialect, leave, only), {"source": source, "target": target})


def counters_of(connection: Connection, sandbox: str) -> dict[str, int]:
    """The last numbers of the sandbox's sequences, by name."""
    found = _counters(connection.dialect).read(connection, {"sandbox": sandbox})
    return {name: int(value) for name, value in found}


def add_counters(connection: Connection, sandbox: str, values: Mapping[str, int]) -> None:
    """Add sequences that the sandbox has not used yet."""
    rows = [{"sandbox": sandbox, "name": name, "value": value} for name, value in values.items()]
    if rows:
        adding(connection.dialect, tables.counters).run(connection, *rows)


def _run(connection: Connection, statements: tuple[Prepared, ...], values: Mapping[str, str]) -> None:
    for statement in statements:
        statement.run(connection, values)


@cache
def _counters(dialect: Dialect) -> Prepared:
    counters = tables.counters.c
    query = select(counters.name, counters.value).where(counters.sandbox == bindparam("sandbox"))
    return prepared(dialect, query.order_by(counters.name), (counters.name.type, counters.value.type))


@cache
def _deletions(dialect: Dialect, keep: tuple[str, ...]) -> tuple[Prepared, ...]:
    return tuple(
        prepared(dialect, delete(table).where(table.c.sandbox == bindparam("target", type_=String)))
        for table in tables.metadata.sorted_tables
        if table.name not in (*keep, tables.layouts.name)
    )


@cache
def _copies(dialect: Dialect, leave: tuple[str, ...], only: tuple[str, ...] | None) -> tuple[Prepared, ...]:
    copies = []
    for table in tables.metadata.sorted_tables:
        if table.name in (*leave, tables.layouts.name) or (only is not None and table.name not in only):
            continue
        others = [column for column in table.c if column.name != "sandbox"]
        rows = select(bindparam("target", type_=String), *others).where(
            table.c.sandbox == bindparam("source", type_=String)
        )
        copy = insert(table).from_select(["sandbox", *(column.name for column in others)], rows)
        copies.append(prepared(dialect, copy))
    return tuple(copies)
