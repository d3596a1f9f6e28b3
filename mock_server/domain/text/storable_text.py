"""Which texts can be kept and told again: what JSON can write is more than UTF-8 and PostgreSQL take."""

import json
import re
from collections.abc import Iterator
from typing import Final

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")

# Only an escape can bring them into JSON, which is UTF-8 itself.
_ODD: Final = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)

SANDBOX_NAME: Final = "[A-Za-z0-9-]{1,40}"
"""What a sandbox may be called, as a regular expression."""

SNAPSHOT_NAME: Final = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,39}"
"""What a snapshot may be called, likewise."""

UNSTORABLE: Final = "The body has a text with a NUL or half a surrogate pair in it."


def can_be_kept(text: str) -> bool:
    """Whether there is neither a NUL in it nor half of a surrogate pair."""
    return _UNKEEPABLE.search(text) is None


def json_can_be_kept(document: bytes) -> bool:
    """The same of every text in a JSON document; what is no JSON passes, since whoever reads it says so."""
    if _ODD.search(document) is None:
        return True
    try:
        return all(map(can_be_kept, _texts(json.loads(document))))
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
