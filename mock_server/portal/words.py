"""Describes the scope and the end of an authorization in words."""

from zoneinfo import ZoneInfo

from mock_server.domain.consent.function_blocks import FUNCTION_BLOCKS
from mock_server.domain.oauth.scopes import Scope, parse_scope
from mock_server.domain.records import Authorization
from mock_server.ui import day_in_words


def scope_in_words(authorization: Authorization, zone: ZoneInfo) -> list[str]:
    """A line for each function block, then the start of the history and the end of new data."""
    history = authorization.history_start
    return [
        *blocks_in_words(parse_scope(authorization.scope)),
        f"History since {day_in_words(history, zone)}" if history else "No history, only new data",
        f"New data until {day_in_words(authorization.ongoing_end, zone)}"
        if authorization.ongoing_end
        else "New data until the authorization ends",
    ]


def blocks_in_words(scope: Scope) -> list[str]:
    """A line for each function block, in the scope's order."""
    return [f"{block}: {FUNCTION_BLOCKS.get(block, 'unknown')}" for block in scope.function_blocks]


def end_in_words(authorization: Authorization, zone: ZoneInfo) -> str:
    """The day on which the authorization ends or ended, or a phrase if it has no end."""
    if authorization.revoked:
        return day_in_words(authorization.revoked, zone)
    return day_in_words(authorization.expires, zone) if authorization.expires else "when the customer ends it"
