"""What the databases spell alike and standard SQL does not have: an INSERT that updates the row which is there."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Dialect


def insert_into(dialect: Dialect, table: Table) -> Any:  # two classes of the same shape
    """An INSERT with `on_conflict_do_update`. Only the database's own dialect is imported."""
    if dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        return insert_sqlite(table)
    from sqlalchemy.dialects.postgresql import insert as insert_postgresql

    return insert_postgresql(table)
