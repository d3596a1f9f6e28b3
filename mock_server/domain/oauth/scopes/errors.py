"""What is refused of scopes, in sentences that name the part and say what to write."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NoReturn

from mock_server.domain.errors import InvalidScope

_LONGEST_QUOTED: Final = 40
_OUTSIDE_TOKEN: Final = re.compile(r"[^!#-\[\]-~]")  # RFC 6749 §3.3 scope-token
_OUTSIDE_DESCRIPTION: Final = re.compile(r"[^ !#-\[\]-~]")  # RFC 6749 §5.2 error_description
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def refuse_repetition(names: Sequence[str]) -> None:
    """Nothing is said twice. Raises InvalidScope."""
    for name, times in Counter(names).items():
        if times > 1:
            refuse(f"The scope says the same thing {times} times", name, instead="Write it once.")


def refuse_control_characters(text: str, *, part: str) -> None:
    """Every character can be seen. Raises InvalidScope, which shows `part`."""
    if found := _CONTROL.search(text):
        problem = f"A part of the scope contains a control character (U+{ord(found[0]):04X})"
        refuse(problem, part, instead="Write visible characters only.")


def refuse_odd_characters(text: str) -> None:
    """Every character may stand in an RFC 6749 scope-token. Raises InvalidScope."""
    found = _OUTSIDE_TOKEN.search(text)
    if found is None:
        return
    if found[0] == " ":
        instead = "Write one scope with its parts joined by semicolons, and %20 for a space in an auth value."
        refuse("A space separates OAuth scopes, and only one can be asked for", text, instead=instead)
    problem = f"A part of the scope contains a character that OAuth does not allow (U+{ord(found[0]):04X})"
    instead = "Write ASCII without quotation marks and backslashes, and percent-encode an auth value."
    refuse(problem, text, instead=instead)


def refuse(problem: str, received: str, *, instead: str) -> NoReturn:
    """Raise InvalidScope: what is wrong, the text in which, and what to write."""
    message = f"{problem}: '{_shown(received)}'. {instead}"
    # The certification suite takes this text for an authorization code wherever it stands (espi.md §4.2).
    raise InvalidScope(message.replace("code=", "code ="))


def _shown(text: str) -> str:
    short = text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}..."
    return _OUTSIDE_DESCRIPTION.sub("?", short)
