"""Conversion of timestamps to UTC, and the range of the sandbox's clock."""

from datetime import UTC, datetime
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
RANGE: Final = f"The clock accepts times from {EARLIEST.year} to {LATEST.year}."


def in_utc(instant: datetime) -> datetime:
    """Converts a timestamp to UTC; one without an offset is taken as UTC. Raises ValueError if out of range."""
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("it must be a timestamp of a year from 1 to 9999 in UTC") from error
