"""Parses short durations such as 40d and 1h30m."""

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
_WHOLE = re.compile(rf"(\s*{_PART.pattern})+\s*", re.ASCII | re.IGNORECASE)


def short_duration(text: str) -> timedelta | None:
    """Parses numbers of weeks, days, hours, minutes and seconds (`w`, `d`, `h`, `m`, `s`). None for other text."""
    if not _WHOLE.fullmatch(text):
        return None
    try:
        return sum((int(count) * _UNITS[unit.lower()] for count, unit in _PART.findall(text)), timedelta())
    except OverflowError:
        return None
