"""Opens a database, and checks that its tables belong to this version."""

import sqlite3
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from mock_server.store import tables
from mock_server.store.database import DatabaseFile, Store
from mock_server.store.sql.connections import begin

_OPENING: Final = 1  # the number of a lock that no sandbox has


class StoreMistake(Exception):
    """The database cannot be used; the message says which and what to do."""


def open_store(url: str, *, sandbox: str) -> Store:
    """Connect and make the tables where they are missing. Raises StoreMistake."""
    printable = make_url(url).render_as_string(hide_password=True)
    try:
        # A database of another encoding than UTF8 would hand out bytes, before we could refuse it.
        options = {"client_encoding": "utf8"} if make_url(url).get_backend_name() == "postgresql" else {}
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), connect_args=options)
    except ImportError as error:
        raise StoreMistake(
            f"The database {printable} cannot be opened: {error}. PostgreSQL needs its extra: "
            "pip install 'mock-utility-server[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _check_layout(engine, printable)
    except DBAPIError as error:
        engine.dispose()
        raise StoreMistake(f"The database {printable} cannot be opened: {error.orig}") from error
    except StoreMistake:
        engine.dispose()
        raise
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return Store(engine, sandbox, DatabaseFile(path) if path and path != ":memory:" else None)


def _check_layout(engine: Engine, printable: str) -> None:
    """Make the tables in an empty database; refuse those of another version before they lead to riddles."""
    with engine.begin() as connection:
        begin(connection.connection.driver_connection, writing=True)
        if engine.dialect.name == "postgresql":
            _check_encoding(connection, printable)
            connection.execute(
                select(func.pg_advisory_xact_lock(_OPENING))
            )  # of several servers one makes the tables
        known = set(inspect(connection).get_table_names())
        if not known & set(tables.metadata.tables):
            tables.metadata.create_all(connection)
            connection.execute(tables.layouts.insert().values(digest=tables.layout_digest()))
            return
        is_ours = tables.layouts.name in known
        found = connection.execute(tables.layouts.select()).scalars().all() if is_ours else []
        if list(found) != [tables.layout_digest()]:
            raise StoreMistake(
                f"The database {printable} was created by another version of mock-server. It holds sandbox data only: "
                "delete it, or name another one with --database-url."
            )


def _check_encoding(connection: Connection, printable: str) -> None:
    """Any other encoding loses characters, or hands out bytes for text."""
    found = connection.execute(text("SHOW server_encoding")).scalar_one()
    if found != "UTF8":
        raise StoreMistake(
            f"The database {printable} has the encoding {found}, and must have UTF8. Make another one: CREATE DATABASE "
            "mock_server ENCODING 'UTF8' TEMPLATE template0, and name it with --database-url."
        )


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, so that readers never wait, and patience with other writers."""

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # the driver would begin transactions by rules of its own
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
