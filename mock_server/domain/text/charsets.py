"""The charsets accepted for request bodies. A charset from a request is never passed to Python's codec registry."""

from typing import Final

from mock_server.domain.errors import InvalidRequest

_LABELS: Final = frozenset(
    {
        *("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be"),
        *(f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17))),
        *("latin-1", "latin1", "koi8-r", "koi8-u", "gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr"),
        *(f"windows-{number}" for number in range(1250, 1259)),
    }
)
"""Labels of the Encoding Standard that Python knows by the same name.

Python's registry also has codecs, such as punycode, that do not decode text, are slow or raise unexpected errors.
"""


def check_charset(label: str) -> None:
    """Raises InvalidRequest unless the label names a known text encoding."""
    if label.strip().casefold() not in _LABELS:
        raise InvalidRequest(
            f"The charset {label[:40]!r} in Content-Type is not a text encoding that this server supports. Send "
            "UTF-8 and omit the charset (RFC 6749, appendix B)."
        )
