"""Counters: one statement creates or increments one, so that no number is used twice."""

from functools import lru_cache

from sqlalchemy import Integer, bindparam, case
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.dialects import insert_into
from mock_server.store.sql.statements import Prepared, prepared


@lru_cache(64)
def raising_counters(dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    """Raises the sequence `names[i]` of `sandbox` by `count_i`, and returns each name with its last number.

    A new sequence gets the number `last_i`.
    """
    table = tables.counters
    first = insert_into(dialect, table).values(
        [
            {
                "sandbox": bindparam("sandbox"),
                "name": bindparam(f"name_{place}"),
                "value": bindparam(f"last_{place}", type_=Integer()),
            }
            for place in range(len(names))
        ]
    )
    counts = [
        (table.c.name == bindparam(f"name_{place}"), bindparam(f"count_{place}", type_=Integer()))
        for place in range(len(names))
    ]
    raised = first.on_conflict_do_update(
        index_elements=[table.c.sandbox, table.c.name],
        set_={"value": table.c.value + case(*counts)},
    )
    columns = (table.c.name, table.c.value)
    return prepared(dialect, raised.returning(*columns), tuple(column.type for column in columns))
