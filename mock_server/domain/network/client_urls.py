"""Validates URLs from third parties: websites, webhook URLs, redirect URIs."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from mock_server.domain.network.hosts import read_host
from mock_server.domain.text.header_text import URI_CHARACTERS

# Schemes that a browser would run or display itself instead of visiting (RFC 9700 §4.1).
_UNSAFE_SCHEMES = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
_OWN_BASE: Final = "{base}/"
_URI: Final = re.compile(f"[{URI_CHARACTERS}]+")
_LONGEST_SUGGESTION: Final = 300


def is_web_address(text: str) -> bool:
    """Returns whether the text is an absolute http or https URL with a host, a valid port and no fragment."""
    try:
        parts = urlsplit(text)
        has_valid_port = parts.port is None or parts.port > 0
        (parts.hostname or "").encode("idna")  # fails for a host name that cannot be looked up in DNS
    except ValueError:
        return False
    is_absolute = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
    return is_absolute and has_valid_port and _is_plain(text)


def is_base(text: str) -> bool:
    """Returns whether the text is an ASCII web address without a query, with a host as in a Host header."""
    is_plain_url = is_web_address(text) and _URI.fullmatch(text) is not None and "?" not in text
    return is_plain_url and read_host(urlsplit(text).netloc) is not None


def redirect_uri_problem(text: str) -> str | None:
    """Returns why the text cannot be a redirect URI and what to send instead; None if it can (RFC 6749 §3.1.2).

    A redirect URI is a web address, a URL of this server (`{base}/…`), or a URI of an app's own scheme (RFC 8252
    §7.1). It is ASCII (RFC 3986 §2), has no fragment, and has a host as in a Host header, without userinfo.
    """
    if (problem := not_ascii(text)) is not None:
        return problem
    if not _can_be_opened(text):
        return "Send an absolute URI that a browser can open, without userinfo and without a fragment."
    uri = text.removeprefix(_OWN_BASE)
    if not _URI.fullmatch(uri) and uri:
        return _not_a_uri("It contains characters that are not allowed in a URI (RFC 3986)", text)
    return None


def is_redirect_uri(text: str) -> bool:
    """Returns whether the text can be a redirect URI (RFC 6749 §3.1.2)."""
    return redirect_uri_problem(text) is None


def not_ascii(text: str) -> str | None:
    """Returns an error message that suggests the URI of an IRI (RFC 3987 §3.1); None for ASCII text."""
    return None if text.isascii() else _not_a_uri("A URI must be ASCII (RFC 3986)", text)


def _not_a_uri(why: str, text: str) -> str:
    suggestion = _as_uri(text)
    if suggestion is None or len(suggestion) > _LONGEST_SUGGESTION:
        return f"{why}: write the host in Punycode, and percent-encode the rest as UTF-8."
    return f"{why}. Register and send {suggestion} instead."


def _as_uri(text: str) -> str | None:
    """Returns the URI of an IRI: host in Punycode, the rest percent-encoded. None if the host is invalid."""
    base = _OWN_BASE if text.startswith(_OWN_BASE) else ""
    try:
        parts = urlsplit(text.removeprefix(base))
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    if ":" in host:
        host = f"[{host}]"
    authority = host if port is None else f"{host}:{port}"
    path, query = (quote(part, safe="/?:@!$&'()*+,;=%-._~") for part in (parts.path, parts.query))
    uri = base + parts._replace(netloc=authority, path=path, query=query, fragment="").geturl()
    return uri if is_redirect_uri(uri) else None


def _can_be_opened(text: str) -> bool:
    if text.startswith(_OWN_BASE):
        return _is_plain(text) and "#" not in text
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return is_web_address(text) and read_host(parts.netloc) is not None
    has_host = not parts.netloc or read_host(parts.netloc) is not None
    is_app = bool(parts.scheme) and parts.scheme not in _UNSAFE_SCHEMES and len(text) > len(parts.scheme) + 1
    return is_app and has_host and "#" not in text and _is_plain(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() and " " not in text and "\\" not in text
