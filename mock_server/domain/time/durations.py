"""Durations as text: parses 40d and 1h30m, and writes `10 minutes`."""

import re
from datetime import timedelta

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_PART = re.compile(r"(\d{1,9})\s*([wdhms])", re.ASCII | re.IGNORECASE)
_ALL_PARTS = re.compile(rf"(\s*{_PART.pattern})+\s*", re.ASCII | re.IGNORECASE)


def short_duration(text: str) -> timedelta | None:
    """Parses numbers of weeks, days, hours, minutes and seconds (`w`, `d`, `h`, `m`, `s`). None for other text."""
    if not _ALL_PARTS.fullmatch(text):
        return None
    try:
        return sum((int(count) * _UNITS[unit.lower()] for count, unit in _PART.findall(text)), timedelta())
    except OverflowError:
        return None


def in_words(duration: timedelta) -> str:
    """A duration for a sentence, in its largest whole unit: `10 minutes`, `1 hour`, `90 seconds`."""
    seconds = round(duration.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds and seconds % size == 0:
            return _counted(seconds // size, unit)
    return _counted(seconds, "second")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
