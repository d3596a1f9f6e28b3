"""Which addresses third parties may give us: for pages and deliveries, and for a customer's browser to return to."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from mock_server.domain.network.hosts import read_host
from mock_server.domain.text.header_text import URI_CHARACTERS

# What a browser would run or show in our place instead of going there (RFC 9700 §4.1).
_NO_PLACES = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
_OWN_BASE: Final = "{base}/"
_URI: Final = re.compile(f"[{URI_CHARACTERS}]+")
_LONGEST_SUGGESTION: Final = 300


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


def is_base(text: str) -> bool:
    """A web address in ASCII, whose host is one as in a Host header, that paths can be added to."""
    is_one = is_web_address(text) and _URI.fullmatch(text) is not None and "?" not in text
    return is_one and read_host(urlsplit(text).netloc) is not None


def redirect_uri_problem(text: str) -> str | None:
    """Why a customer's browser cannot return there, and what to send instead; None for a redirect URI.

    That is a web address, one of this server (`{base}/…`), or one of an app's own scheme (RFC 8252 §7.1). It has no
    fragment, it is ASCII (RFC 3986 §2), and its host is one as in a Host header, without userinfo.
    """
    if (problem := not_ascii(text)) is not None:
        return problem
    if not _goes_somewhere(text):
        return "Send an absolute URI that a browser can go to, without userinfo and without a fragment."
    uri = text.removeprefix(_OWN_BASE)
    if not _URI.fullmatch(uri) and uri:
        return _not_a_uri("Some of its characters cannot stand in a URI (RFC 3986)", text)
    return None


def is_redirect_uri(text: str) -> bool:
    """Whether a customer's browser can return there."""
    return redirect_uri_problem(text) is None


def not_ascii(text: str) -> str | None:
    """Why a text beyond ASCII is no URI, and the URI that it means (RFC 3987 §3.1); None for ASCII."""
    return None if text.isascii() else _not_a_uri("A URI is ASCII (RFC 3986)", text)


def _not_a_uri(why: str, text: str) -> str:
    meant = _as_uri(text)
    if meant is None or len(meant) > _LONGEST_SUGGESTION:
        return f"{why}: write the host in Punycode, and percent-encode the rest as UTF-8."
    return f"{why}. Register and send {meant} instead."


def _as_uri(text: str) -> str | None:
    """The URI of an IRI: its host in Punycode, all else percent-encoded. None where there is no such host."""
    base = _OWN_BASE if text.startswith(_OWN_BASE) else ""
    try:
        parts = urlsplit(text.removeprefix(base))
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    if ":" in host:
        host = f"[{host}]"
    place = host if port is None else f"{host}:{port}"
    path, query = (quote(part, safe="/?:@!$&'()*+,;=%-._~") for part in (parts.path, parts.query))
    meant = base + parts._replace(netloc=place, path=path, query=query, fragment="").geturl()
    return meant if is_redirect_uri(meant) else None


def _goes_somewhere(text: str) -> bool:
    if text.startswith(_OWN_BASE):
        return _is_plain(text) and "#" not in text
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return is_web_address(text) and read_host(parts.netloc) is not None
    has_host = not parts.netloc or read_host(parts.netloc) is not None
    is_app = bool(parts.scheme) and parts.scheme not in _NO_PLACES and len(text) > len(parts.scheme) + 1
    return is_app and has_host and "#" not in text and _is_plain(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() and " " not in text and "\\" not in text
