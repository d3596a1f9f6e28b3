"""Instants from outside: in UTC, and in the years in which a sandbox lives."""

from datetime import UTC, datetime
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
RANGE: Final = "The clock runs from the year 2000 to 2100."


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC; without an offset it is one of UTC. Raises ValueError where no year is left for it."""
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("it must be an instant of a year from 1 to 9999 in UTC") from error
