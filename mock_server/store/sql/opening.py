"""Opens a database, and checks that its tables belong to this version."""

import sqlite3
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from mock_server.store import tables
from mock_server.store.database import DatabaseFile, Store
from mock_server.store.sql.connections import begin

_OPENING: Final = 1  # a lock number that no sandbox uses


class StoreMistake(Exception):
    """The database cannot be used; the message says why and what to do."""


def open_store(url: str, *, sandbox: str) -> Store:
    """Connect, and create the tables in an empty database. Raises StoreMistake."""
    printable = make_url(url).render_as_string(hide_password=True)
    try:
        # With another encoding than UTF8 the driver would return bytes before the check below.
        options = {"client_encoding": "utf8"} if make_url(url).get_backend_name() == "postgresql" else {}
        engine = create_engine(
            url,
            pool_pre_ping=not url.startswith("sqlite"),
            pool_use_lifo=True,  # the connection used last has its statements and pages at hand
            connect_args=options,
        )
    except ImportError as error:
        raise StoreMistake(
            f"The database {printable} cannot be opened: {error}. PostgreSQL needs its extra: "
            "pip install 'mock-utility-server[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        is_new = _check_layout(engine, printable)
    except DBAPIError as error:
        engine.dispose()
        raise StoreMistake(f"The database {printable} cannot be opened: {error.orig}") from error
    except StoreMistake:
        engine.dispose()
        raise
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    file = DatabaseFile(path) if path and path != ":memory:" else None
    return Store(engine, sandbox, file, is_new=is_new)


def _check_layout(engine: Engine, printable: str) -> bool:
    """Create the tables in an empty database; returns whether it was empty.

    Raises StoreMistake for the tables of another version.
    """
    with engine.begin() as connection:
        begin(connection.connection.driver_connection, writing=True)
        if engine.dialect.name == "postgresql":
            _check_encoding(connection, printable)
            # Only one of several servers creates the tables.
            connection.execute(select(func.pg_advisory_xact_lock(_OPENING)))
        known = set(inspect(connection).get_table_names())
        if not known & set(tables.metadata.tables):
            tables.metadata.create_all(connection)
            connection.execute(tables.layouts.insert().values(digest=tables.layout_digest()))
            return True
        is_ours = tables.layouts.name in known
        found = connection.execute(tables.layouts.select()).scalars().all() if is_ours else []
        if list(found) != [tables.layout_digest()]:
            raise StoreMistake(
                f"The database {printable} was created by another version of mock-server. It holds sandbox data only: "
                "delete it, or choose another one with --database-url."
            )
        return False


def _check_encoding(connection: Connection, printable: str) -> None:
    """Require UTF8: other encodings lose characters, or return bytes for text. Raises StoreMistake."""
    found = connection.execute(text("SHOW server_encoding")).scalar_one()
    if found != "UTF8":
        raise StoreMistake(
            f"The database {printable} has the encoding {found}, but needs UTF8. Create another one: CREATE DATABASE "
            "mock_server ENCODING 'UTF8' TEMPLATE template0, and choose it with --database-url."
        )


def _prepare_sqlite(engine: Engine) -> None:
    """Use WAL, so that readers never wait, and let writers wait for each other up to 5 seconds."""

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # otherwise the driver begins transactions by itself
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
