"""What a process remembers is never older than the database, whoever changed it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_server.store import Store, Transaction, open_store
from mock_server.store.memory import REMEMBERED, Memory, Revision
from mock_server.store.sql.answers import MOST_ANSWERS, MOST_ROWS, Answers
from mock_server.store.table_access import TableAccess
from tests.store.test_store import ONE_OF_EACH, open_sandbox, store, url

__all__ = ["open_sandbox", "store", "url"]

KINDS = {name: vars(Transaction)[name]._table.name for name in ONE_OF_EACH if name in vars(Transaction)}
"""The tables of a transaction by the attribute that reaches them."""
REMEMBERED_KINDS = [name for name, table in KINDS.items() if table in REMEMBERED]


@pytest.fixture
def other(store: Store, url: str) -> Iterator[Store]:
    """The same sandbox as another process sees it."""
    made = open_store(url, sandbox=store._sandbox)
    yield made
    made.close()


def rows(store: Store, kind: str) -> list[Any]:
    with store.reading() as transaction:
        found: TableAccess[Any] = getattr(transaction, kind)
        return found.list()


@contextmanager
def counting(store: Store) -> Iterator[list[str]]:
    """The queries that a block sends to SQLite."""
    sent: list[str] = []
    driver = store._engine.raw_connection()
    connection: Any = driver.driver_connection
    connection.set_trace_callback(sent.append)
    driver.close()
    yield sent
    driver = store._engine.raw_connection()
    connection.set_trace_callback(None)
    driver.close()


def test_every_remembered_table_is_tested_here() -> None:
    assert {KINDS[kind] for kind in REMEMBERED_KINDS} == REMEMBERED


@pytest.mark.parametrize("kind", [kind for kind in REMEMBERED_KINDS if kind != "states"])
def test_another_process_sees_each_change_at_once(store: Store, other: Store, kind: str) -> None:
    record = ONE_OF_EACH[kind]
    assert rows(other, kind) == []
    with store.writing() as transaction:
        getattr(transaction, kind).add(record)
    assert rows(other, kind) == [record] == rows(store, kind)
    field, value = another_value(record)
    with other.writing() as transaction:
        assert getattr(transaction, kind).change({}, **{field: value}) == 1
    assert rows(store, kind) == [replace(record, **{field: value})] == rows(other, kind)
    with store.writing() as transaction:
        getattr(transaction, kind).remove()
    assert rows(other, kind) == [] == rows(store, kind)


def another_value(record: Any) -> tuple[str, object]:
    """The record's last field that is a number, an instant or a text, and another value for it."""
    for name, value in reversed(vars(record).items()):
        if isinstance(value, datetime):
            return name, value + timedelta(hours=1)
        if type(value) in (int, str):
            return name, value * 2
    raise AssertionError(f"{record} has no field to change")


def test_so_it_does_of_the_state(store: Store, other: Store) -> None:
    first = store.find_state()
    assert first is not None
    assert other.find_state() == first
    with store.writing() as transaction:
        transaction.states.change({}, has_faults=True)
    assert other.find_state() == replace(first, has_faults=True) == store.find_state()


def test_what_was_undone_was_never_there(store: Store) -> None:
    rows(store, "clients")
    with suppress(LookupError), store.writing() as transaction:
        transaction.clients.add(ONE_OF_EACH["clients"])
        assert transaction.clients.list() == [ONE_OF_EACH["clients"]]
        raise LookupError
    assert rows(store, "clients") == []


def test_a_sandbox_that_was_replaced_brings_nothing_of_the_old_one(store: Store, other: Store) -> None:
    with store.writing() as transaction:
        transaction.clients.add(ONE_OF_EACH["clients"])
    assert rows(other, "clients")
    state = other.find_state()
    assert state is not None
    with store.writing(exclusive=True) as transaction:
        transaction.clear()
        transaction.states.add(replace(state, incarnation="the next"))
    assert rows(other, "clients") == []


def test_whoever_changes_the_answer_changes_only_his_own(store: Store) -> None:
    with store.writing() as transaction:
        transaction.clients.add(ONE_OF_EACH["clients"])
    rows(store, "clients").clear()
    rows(store, "clients").clear()
    assert rows(store, "clients") == [ONE_OF_EACH["clients"]]


def test_it_is_read_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/counted.db", sandbox="one")
    with store.beginning() as transaction:
        transaction.states.add(ONE_OF_EACH["states"])
        transaction.clients.add(ONE_OF_EACH["clients"])
    rows(store, "clients")
    with counting(store) as sent:
        rows(store, "clients")
    assert [line.split()[0] for line in sent] == ["BEGIN", "SELECT", "ROLLBACK"]
    assert not any("FROM clients" in line for line in sent)
    store.close()


def test_memory_is_bounded() -> None:
    answers = Answers()
    for number in range(MOST_ANSWERS + 5):
        answers.remember((number,), [])
    assert len(answers.found) == 5
    answers.remember(("large",), [None] * (MOST_ROWS + 1))
    assert ("large",) not in answers.found


def test_an_older_revision_is_forgotten() -> None:
    memory = Memory()
    memory.at("one", Revision("i", 1)).remember(("query",), [])
    assert memory.at("one", Revision("i", 1)).found
    assert not memory.at("one", Revision("i", 2)).found
    assert not memory.at("one", Revision("i", 1)).found
    assert not memory.at("two", Revision("i", 1)).found
