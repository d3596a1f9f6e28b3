"""Checks on scope strings. Their error messages quote the invalid part and say what to write."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NoReturn

from mock_server.domain.errors import InvalidScope

_LONGEST_QUOTED: Final = 40
_OUTSIDE_TOKEN: Final = re.compile(r"[^!#-\[\]-~]")  # RFC 6749 §3.3 scope-token
_OUTSIDE_DESCRIPTION: Final = re.compile(r"[^ !#-\[\]-~]")  # RFC 6749 §5.2 error_description
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def check_unique(names: Sequence[str]) -> None:
    """Raises InvalidScope if a parameter or option is repeated."""
    for name, times in Counter(names).items():
        if times > 1:
            refuse(f"The scope repeats a parameter or option {times} times", name, instead="Write it once.")


def check_visible(text: str, *, part: str) -> None:
    """Raises InvalidScope, quoting `part`, if the text has a control character."""
    if match := _CONTROL.search(text):
        problem = f"A part of the scope contains a control character (U+{ord(match[0]):04X})"
        refuse(problem, part, instead="Write visible characters only.")


def check_token_characters(text: str) -> None:
    """Raises InvalidScope for characters not allowed in a scope-token (RFC 6749 §3.3)."""
    match = _OUTSIDE_TOKEN.search(text)
    if match is None:
        return
    if match[0] == " ":
        instead = "Write one scope with its parts joined by semicolons, and %20 for a space in an auth value."
        refuse("A space separates OAuth scopes, and only one scope may be requested", text, instead=instead)
    problem = f"A part of the scope contains a character that OAuth does not allow (U+{ord(match[0]):04X})"
    instead = "Write ASCII without quotation marks or backslashes, and percent-encode auth values."
    refuse(problem, text, instead=instead)


def refuse(problem: str, received: str, *, instead: str) -> NoReturn:
    """Raises InvalidScope with the problem, the received text and what to write instead."""
    message = f"{problem}: '{_quote(received)}'. {instead}"
    # The certification suite reads `code=` anywhere in a redirect as an authorization code (espi.md §4.2).
    raise InvalidScope(message.replace("code=", "code ="))


def _quote(text: str) -> str:
    shortened = text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}..."
    return _OUTSIDE_DESCRIPTION.sub("?", shortened)
