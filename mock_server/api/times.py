"""Timestamps of the JSON API (utilityapi.md §6)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mock_server.domain.errors import InvalidParameter
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.time.periods import local_midnight


def in_utc(instant: datetime) -> str:
    """A system timestamp: UTC with microseconds and an offset."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def in_zone(instant: datetime, zone: ZoneInfo) -> str:
    """A timestamp of data: the same in the utility's local time."""
    return instant.astimezone(zone).isoformat(timespec="microseconds")


def moment(query: Parameters, name: str, zone: ZoneInfo) -> datetime | None:
    """A limit: ISO 8601 with `T`, or YYYY-MM-DD for local midnight. Raises InvalidParameter."""
    value = query.one(name)
    if value is None:
        return None
    try:
        if "T" not in value:
            return local_midnight(date.fromisoformat(value), zone)
        instant = datetime.fromisoformat(value)
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidParameter(
            f"{name}={value[:40]!r} is not a time. Send 2026-01-31, or 2026-01-31T12:00:00Z with the T."
        ) from error
