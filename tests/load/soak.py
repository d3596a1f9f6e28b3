"""`make soak`: at length what the suite tests in short, on SQLite and on the PostgreSQL of TEST_DATABASE_URL."""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.databases import postgres_database
from tests.load.churn import churn, left_over
from tests.load.crowd import let_in, let_read
from tests.load.killed import report
from tests.load.races import ROTATING, race_for_one_token, race_with_a_revocation
from tests.load.running import running


def main() -> None:
    """Let a crowd in, race, churn, then tell the story of a killed server over and over; a failure ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--flows", type=int, default=500)
    parser.add_argument("--crowd", type=int, default=1000, help="flows at once; a fifth of them read at once")
    parser.add_argument("--races", type=int, default=1000, help="refreshes with one token, eight at once")
    parser.add_argument(
        "--deeds", type=int, default=3000, help="things done to three sandboxes, twelve at once"
    )
    result = parser.parse_args()
    for kind in ("sqlite", "postgresql") if "TEST_DATABASE_URL" in os.environ else ("sqlite",):
        if result.crowd:
            print(f"{kind}: {_crowd(kind, result.crowd)}", flush=True)
        for workers in ("1", "4"):
            if result.races:
                print(f"{kind}, {workers} workers: {_races(kind, workers, result.races)}", flush=True)
            if result.deeds:
                print(f"{kind}, {workers} workers: {_churn(kind, workers, result.deeds)}", flush=True)
        for number in range(1, result.times + 1):
            began = time.monotonic()
            stored, codes = _once(kind, result.flows)
            took = time.monotonic() - began
            print(
                f"{kind} {number}/{result.times}: {stored} token answers kept, {codes} codes, {took:.0f} s",
                flush=True,
            )


def _crowd(kind: str, count: int) -> str:
    with _database(kind) as url, running(url) as server:
        began = time.monotonic()
        tokens = asyncio.run(let_in(server.url, count))
        entered = time.monotonic()
        assert len({one["access_token"] for one in tokens}) == count
        sizes = asyncio.run(let_read(server.url, tokens[: count // 5]))
        over = time.monotonic()
    assert len(set(sizes)) == 1, "the feeds of one customer differ"
    read = f"{len(sizes)} feeds of {sizes[0] / 1e6:.1f} MB at once in {over - entered:.0f} s"
    return f"{count} flows at once in {entered - began:.0f} s, {read}"


def _races(kind: str, workers: str, count: int) -> str:
    with _database(kind) as url, running(url, "--workers", workers, *ROTATING) as server:
        began = time.monotonic()
        wrong = asyncio.run(race_for_one_token(server.url, count))
        assert wrong == 0, f"{wrong} of {count} races had another number of winners than one"
        revived, close = asyncio.run(race_with_a_revocation(server.url, count // 2))
    with _database(kind) as url, running(url, "--workers", workers) as server:
        again, close_again = asyncio.run(race_with_a_revocation(server.url, count // 2))
    assert revived == again == 0, "a revoked token came back"
    took = time.monotonic() - began
    return (
        f"{count} refresh races with one winner each, {count // 2 * 2} against a revocation, in "
        f"{close + close_again} of which a refresh came first, {took:.0f} s"
    )


def _churn(kind: str, workers: str, count: int) -> str:
    with _database(kind) as url:
        with running(url, "--workers", workers) as server:
            began = time.monotonic()
            made = asyncio.run(churn(server.url, count))
            took = time.monotonic() - began
            assert made.problems == [], made.problems[:3]
            assert "Traceback" not in server.log(), server.log()[-3000:]
            server.stop()
        left = left_over(url)
    assert left == [], f"rows of no sandbox: {left}"
    requests = sum(made.statuses.values())
    return f"{count} deeds, {requests:,} requests, no 5xx, no row left, {took:.0f} s"


def _once(kind: str, flows: int) -> tuple[int, int]:
    with _database(kind) as url:
        story = report(url, flows=flows)
    return len(story.answers), len(story.codes)


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/soak.db"
    else:
        with postgres_database() as url:
            yield url.render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
