"""Redirect URIs: compares them with registered ones and adds response parameters."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

_PATH = r"A-Za-z0-9\-._~:/\[\]@!$&'()*+,;=%"  # RFC 3986 §3.3, plus brackets, which clients send unencoded
_LOOPBACK = re.compile(
    rf"http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]{{1,5}})?(/[{_PATH}]*)?(\?[{_PATH}?]*)?"
)
_QUERY_SAFE = "!$'()*+,-./:;=?@_~%&"


def is_registered(
    uri: str, *, registered: Iterable[str], base: str, allows_loopback: bool, is_native: bool = False
) -> bool:
    """Returns whether a redirect URI is registered, by exact comparison (RFC 6749 §3.1.2.3, RFC 9700 §4.1.3).

    `{base}` in a registered URI stands for the server's base URL. With `allows_loopback` every loopback URI
    matches. With `is_native` a registered loopback URI matches on any port (RFC 8252 §7.3).
    """
    known = [item.replace("{base}", base) for item in registered]
    if uri in known:
        return True
    if is_native and (portless := _without_port(uri)) and portless in map(_without_port, known):
        return True
    return allows_loopback and _LOOPBACK.fullmatch(uri) is not None and _has_valid_port(uri)


def difference(sent: str, known: str) -> str | None:
    """Returns the one part in which two URIs differ, as words for a sentence.

    Returns None if they are equal or differ in several parts.
    """
    if sent == known:
        return None
    if unquote(sent) == known or sent == unquote(known) or unquote(sent) == unquote(known):
        return "the percent-encoding"
    if sent.strip() == known:
        return "the spaces around it"
    if sent.rstrip("/") == known.rstrip("/"):
        return "the slash at its end"
    if sent.casefold() == known.casefold():
        return "upper and lower case"
    try:
        sent_parts, known_parts = _parts(sent), _parts(known)
    except ValueError:
        return None
    different = [name for name in sent_parts if sent_parts[name] != known_parts[name]]
    return different[0] if len(different) == 1 else None


def _parts(uri: str) -> dict[str, object]:
    """Returns the parts of a URI by their names in a sentence. Raises ValueError for an invalid port."""
    parts = urlsplit(uri)
    return {
        "the scheme (http or https)": parts.scheme,
        "the host": parts.hostname,
        "the port": parts.port,
        "the path": parts.path,
        "the query": parts.query,
        "the fragment": parts.fragment,
    }


def _without_port(uri: str) -> tuple[str | None, ...] | None:
    """Returns host, path and query of a loopback URI; None for any other (RFC 8252 §7.3: the port varies)."""
    match = _LOOPBACK.fullmatch(uri)
    return match.group(1, 3, 4) if match and _has_valid_port(uri) else None


def _has_valid_port(uri: str) -> bool:
    try:
        return urlsplit(uri).port is None or (urlsplit(uri).port or 0) > 0
    except ValueError:
        return False


def answer_uri(redirect_uri: str, state: str | None, **parameters: str) -> str:
    """Returns the redirect URI with response parameters (RFC 6749 §4.1.2): in order, then the unchanged state.

    The state comes last because certified clients read it as everything after `state=` (ESPI certification OAD).
    """
    pairs = [f"{name}={quote(value, safe='')}" for name, value in parameters.items()]
    if state is not None:
        pairs.append(f"state={state}")
    base, _, fragment = redirect_uri.partition("#")
    separator = "&" if "?" in base else "?"
    separator = "" if base.endswith("?") else separator
    return base + separator + "&".join(pairs) + (f"#{fragment}" if fragment else "")


def wire_form(raw: str) -> str:
    """Percent-encodes the characters of a raw query value that a header cannot hold; leaves the rest unchanged."""
    return quote(raw.encode("latin-1"), safe=_QUERY_SAFE)


def origin_of(uri: str) -> str:
    """Returns scheme and authority (only the scheme for an app's URI), as a Content-Security-Policy source."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
