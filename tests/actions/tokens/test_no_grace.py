"""Tests that a replaced refresh token fails without a grace period, even if the clock is read earlier."""

from datetime import timedelta

import pytest

from mock_server.actions.sandboxes.clock import set_clock
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.errors import InvalidGrant
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.support import Third


@pytest.fixture
def settings() -> Settings:
    return read_settings({"clock": NOON, "refresh_rotation": "on", "refresh_grace_seconds": 0})


@pytest.mark.parametrize("later", [timedelta(seconds=-1), timedelta(), timedelta(seconds=1)], ids=str)
def test_the_loser_of_a_race_is_rejected_even_with_an_earlier_clock(third: Third, later: timedelta) -> None:
    """A request that waited for the winner may have read the clock earlier. A grace of zero must not cover it."""
    token = str(third.tokens().refresh_token)
    third.sandbox.write_alone(set_clock, now=NOON, frozen=True)
    third.sandbox.write(refresh, third.client, refresh_token=token, scope=None)
    third.sandbox.write_alone(set_clock, now=NOON + later, frozen=True)
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        third.sandbox.write(refresh, third.client, refresh_token=token, scope=None)
