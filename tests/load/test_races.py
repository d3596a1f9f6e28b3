"""In short what `make soak` tells at length: races over HTTP with several workers, and sandboxes in a churn."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgres_database
from tests.load.churn import churn, left_over
from tests.load.races import ROTATING, race_for_one_token, race_with_a_revocation
from tests.load.running import running

WORKERS = ("--workers", "4")
RACES, DEEDS = 10, 91


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
    ]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
    else:
        with postgres_database() as made:
            yield made.render_as_string(hide_password=False)


def test_of_eight_that_refresh_with_one_token_one_wins_and_a_revocation_beats_them_all(url: str) -> None:
    with running(url, *WORKERS, *ROTATING) as server:
        assert asyncio.run(race_for_one_token(server.url, RACES)) == 0
        wrong, _ = asyncio.run(race_with_a_revocation(server.url, RACES))
        assert wrong == 0


def test_a_refresh_that_races_the_revocation_of_its_token_leaves_nothing_alive(url: str) -> None:
    with running(url, *WORKERS) as server:
        wrong, _ = asyncio.run(race_with_a_revocation(server.url, RACES))
        assert wrong == 0


def test_sandboxes_that_end_under_traffic_serve_again_and_leave_nothing(url: str) -> None:
    with running(url, *WORKERS) as server:
        made = asyncio.run(churn(server.url, DEEDS))
        assert made.problems == []
        assert "Traceback" not in server.log()
        server.stop()
    assert left_over(url) == []
