"""Work that collided is done again: a bounded number of times, and never what had committed something."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mock_server.domain.errors import (
    Conflict,
    NotFound,
    SandboxEnded,
    SandboxReplaced,
    TemporarilyUnavailable,
)
from mock_server.store import Store, Transaction, open_store
from mock_server.store.observed_state import observing_state
from mock_server.store.retries import attempt, note_commit
from mock_server.store.sql.driver_errors import COLLISIONS, Collided, Duplicate
from tests.databases import postgres_database
from tests.store.test_store import CODE, ONE_OF_EACH, TOKEN

PAUSES = (0.1, 0.2)


class Work:
    """Fails as often as it is told to, and counts."""

    def __init__(self, *errors: Exception, commits: bool = False) -> None:
        self.errors = list(errors)
        self.commits = commits
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        if self.commits:
            note_commit()
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize("kind", COLLISIONS)
def test_after_a_collision_it_is_done_again_after_a_pause(kind: type[Exception]) -> None:
    work, waits = Work(kind("a"), kind("b")), list[float]()
    assert attempt(work, pauses=PAUSES, wait=waits.append) == "done"
    assert (work.times, waits) == (3, [0.1, 0.2])


def test_not_for_ever() -> None:
    work = Work(*(Collided(str(number)) for number in range(9)))
    with pytest.raises(Collided, match="2"):
        attempt(work, pauses=PAUSES, wait=lambda _: None)
    assert work.times == 3


def test_another_error_ends_it_at_once() -> None:
    work = Work(NotFound("no"))
    with pytest.raises(NotFound):
        attempt(work, pauses=PAUSES, wait=lambda _: None)
    assert work.times == 1


def test_what_had_committed_something_is_not_done_again() -> None:
    work = Work(Collided("no"), commits=True)
    with pytest.raises(Collided):
        attempt(work, pauses=PAUSES, wait=lambda _: None)
    assert work.times == 1


def test_nor_is_what_called_work_that_committed() -> None:
    inner, outer = Work(commits=True), Work(Collided("no"))

    def both() -> str:
        attempt(inner, pauses=PAUSES, wait=lambda _: None)
        return outer()

    with pytest.raises(Collided):
        attempt(both, pauses=PAUSES, wait=lambda _: None)
    assert (inner.times, outer.times) == (1, 1)


def test_what_is_left_is_said_in_the_protocol() -> None:
    assert (Collided("a").status, Duplicate("b").status) == (503, 409)
    assert issubclass(Collided, TemporarilyUnavailable)
    assert issubclass(Duplicate, Conflict)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path}/test.db", sandbox="one")
    begin(made)
    yield made
    made.close()


def begin(store: Store, incarnation: str = "i") -> None:
    with store.beginning() as transaction:
        transaction.clear()
        transaction.states.add(replace(ONE_OF_EACH["states"], incarnation=incarnation))


def elsewhere(work: object, *args: object) -> None:
    """In a thread, which shares no look with this one."""
    thread = threading.Thread(target=work, args=args)  # type: ignore[arg-type]  # any callable
    thread.start()
    thread.join()


def end(store: Store) -> None:
    with store.writing(exclusive=True) as transaction:
        transaction.clear()


def test_a_write_to_a_sandbox_that_ended_is_not_found_and_leaves_nothing(store: Store) -> None:
    end(store)
    with pytest.raises(SandboxEnded, match="'one' was deleted"), store.writing() as transaction:
        transaction.tokens.add(TOKEN)
    assert store.list_names() == []


def test_within_a_request_a_read_is_refused_as_well(store: Store) -> None:
    with observing_state():
        store.find_state()
        elsewhere(end, store)
        with pytest.raises(SandboxEnded), store.reading():
            pass
    with store.reading() as transaction:
        assert transaction.tokens.list() == []


@pytest.mark.parametrize("way", ["reading", "writing"])
def test_a_request_goes_on_in_no_other_sandbox_than_it_began_with(store: Store, way: str) -> None:
    with observing_state():
        store.find_state()
        elsewhere(begin, store, "another")
        with pytest.raises(SandboxReplaced, match="reset or replaced"), getattr(store, way)():
            pass


def test_nor_after_a_write_of_it_failed(store: Store) -> None:
    """A second try must not go where the first one was refused."""
    with observing_state():
        store.find_state()
        with pytest.raises(NotFound), store.writing():
            raise NotFound("no")
        elsewhere(begin, store, "another")
        for _ in range(2):
            with pytest.raises(SandboxReplaced), store.writing():
                pass
        with pytest.raises(SandboxReplaced):
            store.find_state()


def test_who_replaces_it_goes_on_with_what_it_made(store: Store) -> None:
    with observing_state():
        store.find_state()
        with store.writing(exclusive=True) as transaction:
            transaction.clear()
            transaction.states.add(replace(ONE_OF_EACH["states"], incarnation="mine"))
        with store.writing() as transaction:
            transaction.tokens.add(TOKEN)
        with store.reading() as transaction:
            assert transaction.tokens.list() == [TOKEN]


@pytest.mark.postgres
def test_two_that_wait_for_each_other_are_both_done() -> None:
    """PostgreSQL undoes one of them, which is then done again."""
    with postgres_database() as url:
        store = open_store(url.render_as_string(hide_password=False), sandbox="one")
        begin(store)
        with store.writing() as transaction:
            transaction.tokens.add(TOKEN)
            transaction.codes.add(CODE)
        barrier = threading.Barrier(2)
        firsts = iter((True, True))

        def write(*kinds: str) -> None:
            def work() -> None:
                with store.writing() as transaction:
                    _hold(transaction, kinds[0])
                    if next(firsts, False):
                        barrier.wait()
                    _hold(transaction, kinds[1])
                    transaction.tokens.change({"hash": TOKEN.hash}, scope=kinds[0])

            store.attempt(work)
            done.append(kinds[0])

        done: list[str] = []
        threads = [
            threading.Thread(target=write, args=order) for order in (("tokens", "codes"), ("codes", "tokens"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.close()
    assert sorted(done) == ["codes", "tokens"]


def _hold(transaction: Transaction, kind: str) -> None:
    assert getattr(transaction, kind).hold(hash="h") is not None
