"""A filled database for each test: the copy of a file, or one PostgreSQL database that is filled anew."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from mock_server.store import tables

Fill = Callable[[str], None]


class Databases(Protocol):
    """Gives each test a database; a test's own is over when the next one asks."""

    def filled(self, folder: Path) -> str:
        """The URL of one as it is after the first start."""
        ...

    def empty(self, folder: Path) -> str:
        """The URL of one without any row."""
        ...


class Files:
    """SQLite: a copy of one filled file, which is a hundred times faster than another start."""

    def __init__(self, folder: Path, fill: Fill) -> None:
        self._master = folder / "filled.db"
        fill(f"sqlite:///{self._master}")

    def filled(self, folder: Path) -> str:
        shutil.copyfile(self._master, folder / "test.db")
        return self.empty(folder)

    def empty(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'test.db'}"


class Refilled:
    """PostgreSQL: one database for all tests of a process, filled from copies of its tables in one round trip.

    A database from a template takes fifty times as long, and so do tables of a schema per test.
    """

    def __init__(self, url: URL, fill: Fill) -> None:
        self._url = url.render_as_string(hide_password=False)
        fill(self._url)
        self.engine = create_engine(url)
        names = [table.name for table in tables.metadata.sorted_tables if table is not tables.layouts]
        with self.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA filled"))
            for name in names:
                connection.execute(text(f'CREATE TABLE filled."{name}" AS TABLE "{name}"'))
        self._empty = "SET LOCAL lock_timeout = '20s';" + "".join(f'DELETE FROM "{name}";' for name in names)
        self._fill = "".join(f'INSERT INTO "{name}" TABLE filled."{name}";' for name in names)

    def filled(self, _: Path) -> str:
        return self._after(self._empty + self._fill)

    def empty(self, _: Path) -> str:
        return self._after(self._empty)

    def _after(self, statements: str) -> str:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statements)
        return self._url


def postgres_url() -> URL:
    """A PostgreSQL server where tests may make databases; skips the test where there is none."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        pytest.skip("needs PostgreSQL: set TEST_DATABASE_URL")
    return make_url(url)


@contextmanager
def postgres_database(encoding: str = "UTF8") -> Iterator[URL]:
    """A new, empty database on that server; it goes with the block."""
    server = postgres_url()
    name = f"mock_server_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        _report(engine, f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        try:
            yield server.set(database=name)
        finally:
            _report(engine, f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()


@contextmanager
def refilled(fill: Fill) -> Iterator[Databases]:
    """All tests of this process on PostgreSQL."""
    with postgres_database() as url:
        made = Refilled(url, fill)
        yield made
        made.engine.dispose()


def _report(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
