"""Without a grace a replaced refresh token is dead, whatever the clock of whoever sends it says."""

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
def test_the_loser_of_a_race_is_refused_with_an_older_clock_too(third: Third, later: timedelta) -> None:
    """Who waited for the winner may have read the clock before; it must not find itself within a grace of zero."""
    token = str(third.tokens().refresh_token)
    set_clock(third.sandbox, now=NOON, frozen=True)
    refresh(third.sandbox, third.client, refresh_token=token, scope=None)
    set_clock(third.sandbox, now=NOON + later, frozen=True)
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        refresh(third.sandbox, third.client, refresh_token=token, scope=None)
