"""Which addresses third parties may give us: for pages and deliveries, and for a customer's browser to return to."""

from urllib.parse import urlsplit

# What a browser would run or show in our place instead of going there (RFC 9700 §4.1).
_NO_PLACES = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
_OWN_BASE = "{base}/"


def is_web_address(text: str) -> bool:
    """An absolute http or https address with a host, a port that can be, and no fragment."""
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
        (parts.hostname or "").encode("idna")  # what no name server could be asked for
    except ValueError:
        return False
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
    return is_whole and port_fits and _is_plain(text)


def is_redirect_uri(text: str) -> bool:
    """A web address, one of this server (`{base}/…`), or an app's own scheme (RFC 8252 §7.1); no fragment."""
    if text.startswith(_OWN_BASE):
        return _is_plain(text) and "#" not in text
    scheme = text.partition(":")[0].casefold()
    if scheme in ("http", "https"):
        return is_web_address(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_app = bool(parts.scheme) and parts.scheme not in _NO_PLACES and len(text) > len(parts.scheme) + 1
    return is_app and "#" not in text and _is_plain(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() and " " not in text and "\\" not in text
