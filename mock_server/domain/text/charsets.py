"""The text encodings in which a body may come. A charset from outside is looked up here, and in no codec registry."""

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
"""Labels of the Encoding Standard that the interpreter knows by the same name.

Its registry also has codecs that decode no text, run for long or fail in ways of their own, such as punycode.
"""


def check_charset(label: str) -> None:
    """Raises InvalidRequest unless that is a text encoding."""
    if label.strip().casefold() not in _LABELS:
        raise InvalidRequest(
            f"The charset {label[:40]!r} in Content-Type is not a text encoding that this server reads. Send UTF-8, "
            "and leave the charset out (RFC 6749, appendix B)."
        )
