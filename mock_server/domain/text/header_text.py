"""Encodes text for response headers: values, URIs in Location, policy sources, file names.

The results are valid in a header for any input. Headers of injected faults are checked instead (`header_problem`).
"""

import re
from typing import Final
from urllib.parse import quote

from mock_server.domain.network.hosts import read_host

URI_CHARACTERS: Final = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
"""All characters of a URI (RFC 3986 §2), for a character class of a regular expression."""

_URI: Final = re.compile(f"[{URI_CHARACTERS}]*")
_URI_SAFE: Final = "-._~:/?#[]@!$&'()*+,;=%"
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110 §5.6.2
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # RFC 9110 §5.5, one character for each byte
_SOURCE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)(?://(.*))?", re.DOTALL)
_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})


def field_text(text: str) -> str:
    """Returns a header value of visible ASCII and inner spaces (RFC 9110 §5.5); `?` replaces all else."""
    return "".join(char if " " <= char <= "~" else "?" for char in text).strip()


def location_text(uri: str) -> str:
    """Returns a URI for Location (RFC 9110 §10.2.2): unchanged except that invalid characters are percent-encoded.

    It must not be normalised, because clients compare their `state` character by character.
    """
    return uri if _URI.fullmatch(uri) else quote(uri, safe=_URI_SAFE, errors="surrogatepass")


def policy_source(origin: str) -> str:
    """Returns an origin as a source for Content-Security-Policy, which can never add a directive.

    Returns only the scheme if the host is invalid, and an empty string if the scheme is.
    """
    match = _SOURCE.fullmatch(origin)
    if match is None:
        return ""
    return origin if match[2] is not None and read_host(match[2]) else match[1]


def file_name(name: str) -> str:
    """Returns the parameter `filename` of Content-Disposition (RFC 6266 §4.1)."""
    if _TOKEN.fullmatch(name):
        return f"filename={name}"
    return 'filename="{}"'.format(field_text(name).replace("\\", "_").replace('"', "_"))


def header_problem(name: str, value: str) -> str | None:
    """Returns why a header cannot be sent, as the end of a sentence; None if it can."""
    if not _TOKEN.fullmatch(name):
        return "a header name consists of ASCII letters, digits and -, without spaces"
    if name.casefold() in _FRAMING:
        return f"{name} is set by the server, because it delimits the response; to cut a response off, use truncate"
    if _VALUE.fullmatch(value):
        return None
    if any(ord(char) > 0xFF for char in value):
        return (
            f"the value of {name} goes beyond Latin-1; percent-encode it, or send its UTF-8 as Latin-1 text"
        )
    return "a header value must not have line breaks or other control characters"
