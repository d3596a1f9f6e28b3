"""Checks that text can be stored: JSON can express more than UTF-8 and PostgreSQL accept."""

import json
import re
from collections.abc import Iterator
from typing import Final

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

# JSON itself is UTF-8, so it can contain them only as escapes.
_UNSTORABLE_ESCAPE: Final = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)

SANDBOX_NAME: Final = "[A-Za-z0-9-]{1,40}"
"""The regular expression for names of sandboxes."""

SNAPSHOT_NAME: Final = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,39}"
"""The regular expression for names of snapshots."""

UNSTORABLE: Final = "The body contains text with a NUL character or half a surrogate pair. Remove it."


def can_be_stored(text: str) -> bool:
    """Returns whether the text has neither a NUL nor half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def json_can_be_stored(document: bytes) -> bool:
    """Returns whether every text in a JSON document can be stored. True for invalid JSON, which its reader reports."""
    if _UNSTORABLE_ESCAPE.search(document) is None:
        return True
    try:
        return all(map(can_be_stored, _texts(json.loads(document))))
    except (ValueError, RecursionError):
        return True


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
