"""Opening a database: by several servers at once, of another encoding, with what an earlier version left, damaged."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mock_server.actions.sandboxes.load import prepare
from mock_server.actions.sandboxes.remove_orphans import remove_orphans
from mock_server.actions.sandboxes.snapshots import take_snapshot
from mock_server.domain.errors import TemporarilyUnavailable
from mock_server.fixtures import Fixtures
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import read_settings
from mock_server.store import StoreMistake, open_store, tables
from tests.conftest import open_at_noon
from tests.databases import postgres_database

SERVERS = 8


@pytest.mark.postgres
def test_of_several_servers_on_an_empty_database_one_makes_the_tables() -> None:
    with postgres_database() as url, ThreadPoolExecutor(SERVERS) as servers:
        address = url.render_as_string(hide_password=False)
        opened = list(servers.map(lambda _: open_store(address, sandbox="default"), range(SERVERS)))
        for store in opened:
            store.check()
            store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_text_is_refused_with_a_sentence(encoding: str) -> None:
    wanted = rf"encoding {encoding}.*CREATE DATABASE"
    with postgres_database(encoding) as url, pytest.raises(StoreMistake, match=wanted):
        open_store(url.render_as_string(hide_password=False), sandbox="default")


def test_what_an_earlier_version_left_of_ended_sandboxes_is_removed(sandbox: Sandbox) -> None:
    with sandbox.store.of("default").beginning() as transaction:
        clients = transaction.clients.list()
        for name in ("ended", "#ended", "@ended"):
            transaction.of(name).clients.add(*clients)
    sandbox.write_alone(take_snapshot, "kept")
    before = sandbox.store.list_names()
    assert remove_orphans(sandbox) == ["#ended", "@ended", "ended"]
    assert sandbox.store.list_names() == [name for name in before if not name.endswith("ended")]
    assert remove_orphans(sandbox) == []


def test_a_sandbox_whose_name_has_rows_of_nobody_begins_all_the_same(
    sandbox: Sandbox, fixtures: Fixtures
) -> None:
    other = sandbox.store.of("ended")
    with other.beginning() as transaction:
        transaction.clients.add(*fixtures.clients)
        transaction.look_ups.add(*transaction.of("default").look_ups.list())
    made = make_sandbox(
        "ended", settings=sandbox.settings, fixtures=fixtures, store=other, open_http=sandbox.open_http
    )
    prepare(made)
    with made.reading() as transaction:
        assert len(transaction.clients.list()) == len(fixtures.clients)


def test_a_file_that_is_damaged_while_the_server_runs_is_a_database_that_does_not_answer(
    tmp_path: Path, fixtures: Fixtures
) -> None:
    sandbox = open_at_noon(f"sqlite:///{tmp_path}/test.db", fixtures, read_settings({}))
    prepare(sandbox)
    sandbox.store.close()  # so that all of it is in the file
    with (tmp_path / "test.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 200_000)
    with pytest.raises(TemporarilyUnavailable, match="is not available"):
        sandbox.store.check()
    with pytest.raises(TemporarilyUnavailable), sandbox.writing():
        pass


def test_every_table_is_looked_through_for_names(sandbox: Sandbox, tmp_path: Path) -> None:
    """A new table joins by itself."""
    named = [table for table in tables.metadata.sorted_tables if table is not tables.layouts]
    assert all("sandbox" in table.c for table in named)
    url = f"sqlite:///{tmp_path}/other.db"
    store = open_store(url, sandbox="default")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        for place, table in enumerate(named):
            filled = {column.name: 0 for column in table.c if not column.nullable} | {
                "sandbox": f"s{place:02}"
            }
            names, marks = ", ".join(f'"{name}"' for name in filled), ", ".join("?" * len(filled))
            connection.execute(
                f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', tuple(filled.values())
            )
    connection.close()
    assert store.list_names() == [f"s{place:02}" for place in range(len(named))]
    store.close()
