"""What a form asks for, in the words of the JSON API, as a scope string: how long, and until when new data comes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mock_server.domain.consent.monitoring import months_later
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.oauth.scopes import parse_scope, print_scope

UNTIL_REVOKED = "until_revoked"
LONGEST_COLLECTION = timedelta(days=3 * 366)
_DURATION = re.compile(r"([1-9][0-9]{0,2})([ymwd])")


def scope_of_form(scope: str, *, expires: str | None, ongoing_end: str | None, now: datetime) -> str:
    """The client's own scope, with as much history as a collection may ask for and the form's ends.

    Raises InvalidParameter.
    """
    asked = parse_scope(scope)
    if asked.history_length is None and asked.historical_from is None and not asked.no_historical:
        asked = replace(asked, history_length=round(LONGEST_COLLECTION.total_seconds()))
    if expires is not None:
        end = end_of(expires, now=now)
        asked = replace(asked, preferred_end=0 if end is None else round(end.timestamp()))
    if ongoing_end is not None:
        last = _instant("scope.ongoing_end", ongoing_end)
        asked = replace(asked, ongoing_until=last.date(), no_ongoing=False)
    return print_scope(asked)


def end_of(expires: str, *, now: datetime) -> datetime | None:
    """When `until_revoked` (never), a duration such as 3y, 6m, 2w or 7d, or an instant is. Raises InvalidParameter."""
    if expires == UNTIL_REVOKED:
        return None
    duration = _DURATION.fullmatch(expires)
    if duration is None:
        return _instant("scope.expires", expires, now=now)
    count, unit = int(duration[1]), duration[2]
    if unit in "ym" and count * (12 if unit == "y" else 1) <= 1200:
        return months_later(now, count * (12 if unit == "y" else 1))
    if unit in "wd":
        return now + timedelta(days=count * (7 if unit == "w" else 1))
    raise InvalidParameter(f"scope.expires={expires!r} is too far away: a hundred years at most.")


def _instant(name: str, value: str, *, now: datetime | None = None) -> datetime:
    try:
        instant = datetime.fromisoformat(value if "T" in value else "")
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidParameter(
            f"{name}={value[:40]!r} cannot be used. Send an instant such as 2027-01-31T00:00:00Z with the T; "
            "`expires` may also be until_revoked or a duration such as 3y or 7d."
        ) from error
    if not 2000 <= instant.year < 2100 or (now is not None and instant <= now):
        raise InvalidParameter(f"{name}={value[:40]!r} lies in the past or too far away.")
    return instant
