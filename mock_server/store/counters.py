"""Counters: one statement creates or increments one, so that no number is used twice."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.statements import Prepared, prepared

# "Insert or raise" in one statement is no standard SQL; both databases spell it alike.
_INSERTS: dict[str, Callable[..., Any]] = {  # two classes of the same shape
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


@cache
def raising_counter(dialect: Dialect) -> Prepared:
    """Raises the sequence `name` of `sandbox` by `count` and gives its last number; where there is none yet, `last`."""
    table = tables.counters
    start = _INSERTS[dialect.name](table).values(
        sandbox=bindparam("sandbox"), name=bindparam("name"), value=bindparam("last", type_=Integer())
    )
    raised = start.on_conflict_do_update(
        index_elements=[table.c.sandbox, table.c.name],
        set_={"value": table.c.value + bindparam("count", type_=Integer())},
    )
    return prepared(dialect, raised.returning(table.c.value), (table.c.value.type,))
