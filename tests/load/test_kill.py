"""A server that is killed in the midst of flows has kept what it answered; `make soak` tells the same at length."""

from pathlib import Path

import pytest

from tests.databases import postgres_database
from tests.load.killed import report


def test_what_was_answered_before_a_kill_is_true_after_it(tmp_path: Path) -> None:
    report(f"sqlite:///{tmp_path}/test.db", flows=24)


@pytest.mark.postgres
def test_what_was_answered_before_a_kill_is_true_after_it_on_postgresql() -> None:
    with postgres_database() as url:
        report(url.render_as_string(hide_password=False), flows=24)
