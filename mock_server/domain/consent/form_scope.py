"""Converts the scope of a form, as the JSON API expresses it, to a scope string."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mock_server.domain.consent.monitoring import months_later
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.oauth.scopes import parse_scope, print_scope

UNTIL_REVOKED = "until_revoked"
LONGEST_COLLECTION = timedelta(days=3 * 366)
_MAX_MONTHS = 1200
_DURATION = re.compile(r"([1-9][0-9]{0,2})([ymwd])")


def scope_of_form(scope: str, *, expires: str | None, ongoing_end: str | None, now: datetime) -> str:
    """Returns the client's scope with the form's end dates, and by default the longest history of a collection.

    Raises InvalidParameter.
    """
    requested = parse_scope(scope)
    if requested.history_length is None and requested.historical_from is None and not requested.no_historical:
        requested = replace(requested, history_length=round(LONGEST_COLLECTION.total_seconds()))
    if expires is not None:
        end = parse_end(expires, now=now)
        requested = replace(requested, preferred_end=0 if end is None else round(end.timestamp()))
    if ongoing_end is not None:
        last = _parse_timestamp("scope.ongoing_end", ongoing_end)
        requested = replace(requested, ongoing_until=last.date(), no_ongoing=False)
    return print_scope(requested)


def parse_end(expires: str, *, now: datetime) -> datetime | None:
    """Returns the end that `expires` means: `until_revoked` (None), a duration such as 3y or 7d, or a timestamp.

    Raises InvalidParameter.
    """
    if expires == UNTIL_REVOKED:
        return None
    duration = _DURATION.fullmatch(expires)
    if duration is None:
        return _parse_timestamp("scope.expires", expires, now=now)
    count, unit = int(duration[1]), duration[2]
    if unit in "ym" and count * (12 if unit == "y" else 1) <= _MAX_MONTHS:
        return months_later(now, count * (12 if unit == "y" else 1))
    if unit in "wd":
        return now + timedelta(days=count * (7 if unit == "w" else 1))
    raise InvalidParameter(
        f"scope.expires={expires!r} is too far away. Send at most {_MAX_MONTHS // 12} years."
    )


def _parse_timestamp(name: str, value: str, *, now: datetime | None = None) -> datetime:
    try:
        instant = datetime.fromisoformat(value if "T" in value else "")
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidParameter(
            f"{name}={value[:40]!r} cannot be used. Send a timestamp such as 2027-01-31T00:00:00Z with the T; "
            "`expires` may also be until_revoked or a duration such as 3y or 7d."
        ) from error
    if not 2000 <= instant.year < 2100 or (now is not None and instant <= now):
        raise InvalidParameter(f"{name}={value[:40]!r} is in the past or too far away.")
    return instant
