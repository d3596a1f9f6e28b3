"""A token that may call three times in a second of the sandbox's clock."""

from datetime import timedelta

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.settings import Settings, read_settings
from tests.api.calls import authorize
from tests.conftest import NOON
from tests.support import Third


@pytest.fixture
def settings() -> Settings:
    """Those of every test, and the limit."""
    return read_settings({"clock": NOON, "rate_limit": 3})


def test_a_token_that_calls_too_often_is_reported_when_to_go_on(third: Third) -> None:
    _, token = authorize(third)
    answers = [third.get("/api/v2/meters", third.client.api_token) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["error"] == "too_many_requests"
    assert third.get("/api/v2/meters", token).status_code == 200, "another token counts for itself"
    third.sandbox.write_alone(advance_clock, timedelta(seconds=1))
    assert third.get("/api/v2/meters", third.client.api_token).status_code == 200
