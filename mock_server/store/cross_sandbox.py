"""Queries across sandboxes: which exist, which one holds a secret, and locks between them."""

from datetime import UTC, datetime
from functools import cache

from sqlalchemy import BigInteger, DateTime, String, bindparam, func, select, union_all
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.connections import Connection
from mock_server.store.sql.statements import Prepared, prepared

SNAPSHOT = "@"
"""The prefix of the names of sandboxes' copies; no path can contain it."""


def sandboxes(connection: Connection) -> list[str]:
    """The names of all sandboxes, without snapshots."""
    return [name for (name,) in _sandboxes(connection.dialect).read(connection, {})]


def names(connection: Connection) -> list[str]:
    """Every name under which any table has rows. Steps through the index instead of reading the rows."""
    found: set[str] = set()
    for query in _names(connection.dialect):
        found |= {name for (name,) in query.read(connection, {})}
    return sorted(found)


def find_holder(connection: Connection, fingerprint: str, *, other_than: str) -> str | None:
    """The name of another sandbox that has a token or a code with that hash; None if there is none."""
    values = {"hash": fingerprint, "other_than": other_than}
    found = list(_holders(connection.dialect).read(connection, values))
    return str(found[0][0]) if found else None


def lock(connection: Connection, number: int, *, exclusive: bool) -> None:
    """Take a lock on PostgreSQL until the transaction ends, exclusively or shared; waits for conflicting locks."""
    list(_lock(connection.dialect, exclusive).read(connection, {"number": number}))


def clock(connection: Connection) -> datetime:
    """PostgreSQL's clock, which all its clients share."""
    ((found,),) = _clock(connection.dialect).read(connection, {})
    assert isinstance(found, datetime)
    return found.astimezone(UTC)


@cache
def _clock(dialect: Dialect) -> Prepared:
    return prepared(dialect, select(func.clock_timestamp()), (DateTime(timezone=True),))


@cache
def _sandboxes(dialect: Dialect) -> Prepared:
    names = tables.states.c.sandbox
    query = select(names).where(names.not_like(f"{SNAPSHOT}%")).order_by(names)
    return prepared(dialect, query, (names.type,))


@cache
def _names(dialect: Dialect) -> tuple[Prepared, ...]:
    """A recursive query for each table, because neither database uses the index for SELECT DISTINCT."""
    queries = []
    for table in tables.metadata.sorted_tables:
        if table.name == tables.layouts.name:
            continue
        column = table.c.sandbox
        steps = select(func.min(column).label("name")).cte(f"names_of_{table.name}", recursive=True)
        following = select(func.min(column)).where(column > steps.c.name).scalar_subquery()
        steps = steps.union_all(select(following).where(steps.c.name.is_not(None)))
        queries.append(
            prepared(dialect, select(steps.c.name).where(steps.c.name.is_not(None)), (column.type,))
        )
    return tuple(queries)


@cache
def _holders(dialect: Dialect) -> Prepared:
    names = tables.states.c.sandbox
    others = select(names).where(names != bindparam("other_than"), names.not_like(f"{SNAPSHOT}%"))
    found = [
        select(table.c.sandbox).where(table.c.sandbox.in_(others), table.c.hash == bindparam("hash"))
        for table in (tables.tokens, tables.codes)
    ]
    return prepared(dialect, union_all(*found).limit(1), (names.type,))


@cache
def _lock(dialect: Dialect, exclusive: bool) -> Prepared:
    taken = func.pg_advisory_xact_lock if exclusive else func.pg_advisory_xact_lock_shared
    return prepared(dialect, select(taken(bindparam("number", type_=BigInteger))), (String(),))
