"""Formats values for pages."""

from datetime import datetime
from zoneinfo import ZoneInfo


def day_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """A local day in words, such as March 1, 2026."""
    local = instant.astimezone(zone)
    return f"{local:%B} {local.day}, {local.year}"
