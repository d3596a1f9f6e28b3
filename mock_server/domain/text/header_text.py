"""Text that becomes a header of a message of ours: a value, a URI in Location, a source of a policy, a file's name.

Whatever is passed in, what comes out can be sent. Only what is armed as a fault is refused instead.
"""

import re
from typing import Final
from urllib.parse import quote

from mock_server.domain.network.hosts import read_host

URI_CHARACTERS: Final = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
"""All that a URI is made of (RFC 3986 §2), for a regular expression's class."""

_URI: Final = re.compile(f"[{URI_CHARACTERS}]*")
_URI_SAFE: Final = "-._~:/?#[]@!$&'()*+,;=%"
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110 §5.6.2
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # RFC 9110 §5.5, one character for each byte
_SOURCE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)(?://(.*))?", re.DOTALL)
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})


def field_text(text: str) -> str:
    """A header's value in visible ASCII and inner spaces (RFC 9110 §5.5); `?` stands for every other character."""
    return "".join(char if " " <= char <= "~" else "?" for char in text).strip()


def location_text(uri: str) -> str:
    """A URI as it stands in Location (RFC 9110 §10.2.2): byte for byte, but for what no URI has, which is encoded.

    Clients compare their state letter by letter, so that a URI must not be written in another way.
    """
    return uri if _URI.fullmatch(uri) else quote(uri, safe=_URI_SAFE, errors="surrogatepass")


def policy_source(origin: str) -> str:
    """An origin in a Content-Security-Policy; its scheme alone where its host is none, and could be a directive.

    Empty where not even the scheme is one.
    """
    found = _SOURCE.fullmatch(origin)
    if found is None:
        return ""
    return origin if found[2] is not None and read_host(found[2]) else found[1]


def file_name(name: str) -> str:
    """The parameter `filename` of Content-Disposition (RFC 6266 §4.1)."""
    if _TOKEN.fullmatch(name):
        return f"filename={name}"
    return 'filename="{}"'.format(field_text(name).replace("\\", "_").replace('"', "_"))


def header_problem(name: str, value: str) -> str | None:
    """Why no answer can carry that header, as the end of a sentence; None if one can."""
    if not _TOKEN.fullmatch(name):
        return "names of headers are ASCII letters, digits and -, without spaces"
    if name.casefold() in _FRAMING:
        return f"{name} says where an answer ends, and the server writes it; use truncate for one that is cut"
    if _VALUE.fullmatch(value):
        return None
    if any(ord(char) > 0xFF for char in value):
        return (
            f"the value of {name} goes beyond Latin-1; percent-encode it, or send its UTF-8 as Latin-1 text"
        )
    return "headers have no line breaks and no other control characters"
