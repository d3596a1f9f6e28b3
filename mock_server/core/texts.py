"""Which texts can be kept and told again: what JSON can write is more than UTF-8 and PostgreSQL take."""

import re
from typing import Final

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")

SANDBOX_NAME: Final = "[A-Za-z0-9-]{1,40}"
"""What a sandbox may be called, as a regular expression."""

REFUSAL: Final = "The body has a text with a NUL or half a surrogate pair in it."


def can_be_kept(text: str) -> bool:
    """Whether there is neither a NUL in it nor half of a surrogate pair."""
    return _UNKEEPABLE.search(text) is None
