"""`make soak`: at length what the suite tells in short, on SQLite and on the PostgreSQL of TEST_DATABASE_URL."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.databases import postgres_database
from tests.load.killed import tell


def main() -> None:
    """Tell the story of a killed server, over and over; the first failure ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--flows", type=int, default=500)
    told = parser.parse_args()
    for kind in ("sqlite", "postgresql") if "TEST_DATABASE_URL" in os.environ else ("sqlite",):
        for number in range(1, told.times + 1):
            began = time.monotonic()
            kept, codes = _once(kind, told.flows)
            took = time.monotonic() - began
            print(
                f"{kind} {number}/{told.times}: {kept} token answers kept, {codes} codes, {took:.0f} s",
                flush=True,
            )


def _once(kind: str, flows: int) -> tuple[int, int]:
    with _database(kind) as url:
        story = tell(url, flows=flows)
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
