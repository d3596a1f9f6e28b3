"""What an account number is made of, wherever it comes from: it is printed, typed, and put into spreadsheets."""

import re
from typing import Final

PATTERN: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?"
"""As a regular expression; the database's column holds 64 characters."""

EXPECTATION: Final = "up to 64 letters, digits and hyphens, and no hyphen at its beginning or end"

_NUMBER: Final = re.compile(PATTERN)


def is_account_number(text: str) -> bool:
    """Whether an account may have that number."""
    return _NUMBER.fullmatch(text) is not None
