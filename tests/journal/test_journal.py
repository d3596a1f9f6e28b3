"""The journal keeps the last exchanges, finds them, and tells whoever waits."""

import asyncio
from datetime import timedelta

import pytest

from mock_server.journal import Head, Journal, Wanted
from mock_server.journal.exchange import STORED_BYTES
from tests.journal.recorded import NOON, body, taken


@pytest.fixture
def journal() -> Journal:
    return Journal(key=b"key", most=5)


def ids(journal: Journal, **wanted: object) -> list[str]:
    return [one.id for one in journal.list(Wanted(**wanted))]  # type: ignore[arg-type]  # fields of several types


def test_the_oldest_goes_when_there_are_too_many(journal: Journal) -> None:
    for number in range(8):
        journal.add(taken(number))
    assert ids(journal) == ["3", "4", "5", "6", "7"]


def test_the_oldest_goes_when_they_are_too_large() -> None:
    journal = Journal(key=b"key", most_bytes=30_000)
    for number in range(3):
        journal.add(taken(number, response_body=body(b"x" * 10_000)))
    assert ids(journal) == ["1", "2"]
    journal.clear()
    journal.add(taken(9, response_body=body(b"x" * 10_000)))
    assert ids(journal) == ["9"]


def test_what_began_before_all_was_forgotten_is_not_remembered(journal: Journal) -> None:
    early, page = taken(1), journal.page()
    journal.clear()
    page.add(early)
    journal.page().add(taken(2))
    assert ids(journal) == ["2"]


def test_of_a_long_body_only_the_beginning_is_stored_and_all_is_counted() -> None:
    head = Head()
    for _ in range(100):
        head.take(b"x" * 1_000)
    assert (len(head.stored), head.size) == (STORED_BYTES, 100_000)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"path": "/api/v2/*"}, ["1", "2"]),
        ({"path": "*/token"}, ["3"]),
        ({"method": "post"}, ["3"]),
        ({"status": "200"}, ["1"]),
        ({"status": "4xx"}, ["2", "3"]),
        ({"status": "none"}, ["4"]),
        ({"client_id": "me"}, ["2", "3"]),
        ({"since": NOON + timedelta(seconds=2)}, ["3", "4"]),
        ({"after": "2"}, ["3", "4"]),
        ({"after": "forgotten"}, ["1", "2", "3", "4"]),
        ({"path": "/api/*", "status": "404"}, ["2"]),
    ],
)
def test_exchanges_are_found_by_each_condition(
    journal: Journal, wanted: dict[str, object], found: list[str]
) -> None:
    form = [(b"content-type", b"application/x-www-form-urlencoded")]
    journal.add(taken(1))
    journal.add(taken(2, status=404, noted_client="me"))
    journal.add(
        taken(
            3,
            path="/oauth/token",
            method="POST",
            status=401,
            at=NOON + timedelta(seconds=2),
            request_headers=form,
            request_body=body(b"client_id=me"),
        )
    )
    journal.add(taken(4, path="/", status=None, at=NOON + timedelta(seconds=3)))
    assert ids(journal, **wanted) == found


def test_the_newest_are_displayed_where_fewer_are_wanted(journal: Journal) -> None:
    for number in range(4):
        journal.add(taken(number))
    assert [one.id for one in journal.list(Wanted(), newest=2)] == ["2", "3"]


def test_a_redirect_reports_its_error(journal: Journal) -> None:
    location = [(b"location", b"http://localhost/cb?error=access_denied&state=s")]
    journal.add(taken(1, response_headers=location))
    assert journal.list(Wanted())[0].error == "access_denied"


def test_waiting_ends_at_once_for_what_is_there(journal: Journal) -> None:
    journal.add(taken(1))
    found = asyncio.run(journal.wait(Wanted(path="/api/*"), seconds=60))
    assert found is not None
    assert found.id == "1"


def test_waiting_ends_with_the_first_that_fits(journal: Journal) -> None:
    async def story() -> str:
        journal.add(taken(1))
        waiting = asyncio.create_task(journal.wait(Wanted(after="1", status="404"), seconds=60))
        await asyncio.sleep(0)
        for number, status in ((2, 200), (3, 404), (4, 404)):
            journal.add(taken(number, status=status))
        found = await waiting
        assert found is not None
        return found.id

    assert asyncio.run(story()) == "3"


def test_waiting_in_vain_ends_and_leaves_nobody_behind(journal: Journal) -> None:
    assert asyncio.run(journal.wait(Wanted(), seconds=0)) is None
    journal.add(taken(1))
    assert len(journal) == 1
