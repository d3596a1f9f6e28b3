"""Within one look the sandbox's state is read once, and never older than what the looker itself wrote."""

import asyncio
import contextvars
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mock_server.domain.records import AutoApproval, SandboxState
from mock_server.store import Store, open_store

STATE = SandboxState(
    incarnation="first",
    created=datetime(2026, 3, 15, tzinfo=UTC),
    fixtures_digest="d",
    clock_offset_seconds=0.0,
    clock_frozen=None,
    auto_approval=AutoApproval(),
    used=datetime(2026, 3, 15, tzinfo=UTC),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/test.db", sandbox="one")
    with opened.beginning() as transaction:
        transaction.states.add(STATE)
    yield opened
    opened.close()


@pytest.fixture
def other_worker(store: Store, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/test.db", sandbox="one")
    yield opened
    opened.close()


def move(store: Store, seconds: float) -> None:
    with store.writing() as transaction:
        transaction.states.change({}, clock_offset_seconds=seconds)


def offset(store: Store) -> float:
    state = store.find_state()
    assert state is not None
    return state.clock_offset_seconds


def move_elsewhere(store: Store, seconds: float) -> None:
    """As another process would, which shares no look with this one."""
    contextvars.Context().run(move, store, seconds)


def test_what_another_worker_wrote_is_seen_by_the_next_look(store: Store, other_worker: Store) -> None:
    with store.observing_state():
        assert offset(store) == 0
        move_elsewhere(other_worker, 5)
        assert offset(store) == 0
    with store.observing_state():
        assert offset(store) == 5


def test_what_the_looker_wrote_is_seen_at_once(store: Store) -> None:
    with store.observing_state():
        assert offset(store) == 0
        move(store, 7)
        assert offset(store) == 7


def test_who_ended_a_sandbox_finds_the_one_that_somebody_else_began_since(store: Store) -> None:
    def begin_anew() -> None:
        with store.beginning() as transaction:
            transaction.states.add(replace(STATE, incarnation="second", clock_offset_seconds=3))

    with store.observing_state():
        assert offset(store) == 0
        with store.writing() as transaction:
            transaction.clear()
        contextvars.Context().run(begin_anew)
        move(store, 4)
        assert offset(store) == 4


def test_without_a_look_everything_is_read_anew(store: Store, other_worker: Store) -> None:
    assert offset(store) == 0
    move(other_worker, 5)
    assert offset(store) == 5


def test_a_task_that_outlives_its_request_reads_anew(store: Store, other_worker: Store) -> None:
    async def story() -> list[float]:
        seen: list[float] = []
        ended = asyncio.Event()

        async def outlive() -> None:
            seen.append(offset(store))
            await ended.wait()
            seen.append(offset(store))

        with store.observing_state():
            task = asyncio.create_task(outlive())
            await asyncio.sleep(0)
        move(other_worker, 9)
        ended.set()
        await task
        return seen

    assert asyncio.run(story()) == [0, 9]


def test_sandboxes_are_not_mixed_up(store: Store, tmp_path: Path) -> None:
    second = open_store(f"sqlite:///{tmp_path}/test.db", sandbox="two")
    with store.observing_state():
        assert offset(store) == 0
        assert second.find_state() is None
    second.close()
