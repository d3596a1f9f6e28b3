"""Redirect URIs: which ones belong to a client, and how an answer is put into one."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

_PATH = r"A-Za-z0-9\-._~:/\[\]@!$&'()*+,;=%"  # RFC 3986 §3.3, and brackets, which clients send as they are
_LOOPBACK = re.compile(
    rf"http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]{{1,5}})?(/[{_PATH}]*)?(\?[{_PATH}?]*)?"
)
_QUERY_SAFE = "!$'()*+,-./:;=?@_~%&"


def is_registered(
    uri: str, *, registered: Iterable[str], base: str, allows_loopback: bool, is_native: bool = False
) -> bool:
    """Whether the client may be answered there: exact comparison (RFC 9700 §4.1.3).

    `{base}` in a registered URI stands for this server; loopback addresses match on any port and path where
    the client was registered so. A native app's own loopback addresses match on any port (RFC 8252 §7.3).
    """
    known = [one.replace("{base}", base) for one in registered]
    if uri in known:
        return True
    if is_native and (place := _without_port(uri)) and place in map(_without_port, known):
        return True
    return allows_loopback and _LOOPBACK.fullmatch(uri) is not None and _port_is_real(uri)


def difference(sent: str, known: str) -> str | None:
    """In what alone a URI differs from another, in words; None where it is the same, or differs in more."""
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
        (one, other) = (_parts(sent), _parts(known))
    except ValueError:
        return None
    parts = [name for name in one if one[name] != other[name]]
    return parts[0] if len(parts) == 1 else None


def _parts(uri: str) -> dict[str, object]:
    """A URI in pieces, by what a sentence calls them. Raises ValueError for a port that is none."""
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
    """Host, path and query of a loopback address, whose port the system gives an app anew each time; else None."""
    found = _LOOPBACK.fullmatch(uri)
    return found.group(1, 3, 4) if found and _port_is_real(uri) else None


def _port_is_real(uri: str) -> bool:
    try:
        return urlsplit(uri).port is None or (urlsplit(uri).port or 0) > 0
    except ValueError:
        return False


def answer_uri(redirect_uri: str, state: str | None, **parameters: str) -> str:
    """The redirect URI with an answer: parameters in the given order, state last and byte for byte as it came.

    Certified clients read the state as everything after `state=` (RFC 6749 §4.1.2, ESPI certification OAD).
    """
    pairs = [f"{name}={quote(value, safe='')}" for name, value in parameters.items()]
    if state is not None:
        pairs.append(f"state={state}")
    base, _, fragment = redirect_uri.partition("#")
    joint = "&" if "?" in base else "?"
    joint = "" if base.endswith("?") else joint
    return base + joint + "&".join(pairs) + (f"#{fragment}" if fragment else "")


def wire_form(raw: str) -> str:
    """A raw query value with only what may not stand in a header percent-encoded; nothing else is touched."""
    return quote(raw.encode("latin-1"), safe=_QUERY_SAFE)


def origin_of(uri: str) -> str:
    """Scheme and authority (or the bare scheme of an app's URI), as a Content-Security-Policy source."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
