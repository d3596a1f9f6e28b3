"""Masks secrets in exchanges: equal secrets get equal masks, and nobody can use them.

A secret becomes `***` and eight hex digits, derived from it and a key of the process: a token that is sent
twice has the same mask twice. Names decide what is a secret, not contents. Refuses nothing: what cannot be
read as text is left out.
"""

import hashlib
import hmac
import re
import zlib
from collections.abc import Callable, Iterable
from urllib.parse import unquote_plus

from mock_server.domain.oauth.basic_credentials import user_and_password
from mock_server.domain.randomness import fingerprint
from mock_server.journal.exchange import Exchange, Head, Side, Taken

_NAMES = (
    "access_token|refresh_token|id_token|id_token_hint|token|code|code_verifier|client_secret|client_assertion|password"
    "|password_again|csrf|otp|secret|api_token|registration_access_token|registrationAccessToken|webhook_secret"
)
_IN_JSON = _NAMES.replace("|code|", "|")  # there, a code is an error's or a unit's
_PAIR = re.compile(rf"((?:^|[?&;\s\"'])(?:{_NAMES})=)([^&;\s\"'<>#]+)")
_JSON = re.compile(rf'("(?:{_IN_JSON})"\s*:\s*")((?:[^"\\]|\\.)+)')
_XML = re.compile(rf"(<(?:\w+:)?(?:{_IN_JSON})(?:\s[^>]*)?>)([^<]+)")
_MULTIPART = re.compile(rf'(name="(?:{_NAMES})"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^\r\n]+)')
_HIDDEN_FIELD = re.compile(rf'(name="(?:{_NAMES})"[^>]*?\svalue=")([^"]+)')
_DISPLAYED_CODE = re.compile(r"(<strong>)(\d{6})(?=</strong>)")
_LONG_HEX = re.compile(r"(\b)([0-9a-f]{32,})\b")
_COOKIE = re.compile(r"((?:^|;\s*)[^=;\s]+=)([^;\s]+)")
_PATTERNS = (_PAIR, _JSON, _XML, _MULTIPART, _HIDDEN_FIELD, _DISPLAYED_CODE)
_TEXT = re.compile(
    r"text/|application/(json|x-www-form-urlencoded|[\w.-]*\+?xml|[\w.-]+\+json)|multipart/form-data"
)

Label = Callable[[str], str]


def labels(key: bytes) -> Label:
    """How the secrets of one process are called. The key keeps short secrets from being guessed by their mask."""
    of_fingerprint = fingerprint_labels(key)
    return lambda secret: of_fingerprint(fingerprint(secret))


def fingerprint_labels(key: bytes) -> Label:
    """The same for secrets of which only the fingerprint is known, such as stored tokens."""
    return lambda known: "***" + hmac.new(key, known.encode(), hashlib.sha256).hexdigest()[:8]


def masked(taken: Taken, label: Label, *, with_answer: bool = True) -> Exchange:
    """The exchange with secrets masked; `with_answer` False omits the response's body, which may be long."""
    query = mask_text(taken.query, label)
    request = _side(taken.request_headers, taken.request_body, label)
    response = _side(taken.response_headers, taken.response_body if with_answer else Head(), label)
    return Exchange(
        id=taken.id,
        at=taken.at,
        started=taken.started,
        duration_ms=round(taken.duration_ms, 3),
        method=taken.method,
        url=taken.origin + taken.prefix + taken.raw_path + (f"?{query}" if query else ""),
        path=taken.path,
        query=query,
        status=taken.status,
        client_id=taken.client_id,
        error=taken.error,
        fault=taken.fault,
        request=request,
        response=response,
    )


def mask_text(text: str, label: Label) -> str:
    """A query, a form, JSON, XML or a page with its secrets masked, also where its end is missing."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: found[1] + label(unquote_plus(found[2])), text)
    return text


def _side(headers: Iterable[tuple[bytes, bytes]], body: Head, label: Label) -> Side:
    plain = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    values = dict(plain)
    text = _text(values.get("content-type", ""), values.get("content-encoding", ""), body.stored)
    if text is not None:
        text = mask_text(text, label)
        if values.get("content-type", "").startswith(
            "text/html"
        ):  # pages show more secrets than fields have names
            text = _LONG_HEX.sub(lambda found: label(found[2]), text)
    masked_headers = tuple((name, _header(name, value, label)) for name, value in plain)
    return Side(headers=masked_headers, body=text, size=body.size, is_cut=len(body.stored) < body.size)


def _header(name: str, value: str, label: Label) -> str:
    match name:
        case "authorization" | "proxy-authorization":
            return _credentials(value, label)
        case "cookie":
            return _COOKIE.sub(lambda found: found[1] + label(found[2]), value)
        case "set-cookie":
            return _COOKIE.sub(lambda found: found[1] + label(found[2]), value, count=1)
        case _:
            return mask_text(value, label)


def _credentials(value: str, label: Label) -> str:
    scheme, _, secret = value.partition(" ")
    if scheme.casefold() != "basic":
        return f"{scheme} {label(secret.strip())}" if secret else label(value)
    found = user_and_password(value)
    return f"{scheme} {label(secret)}" if found is None else f"{scheme} {found[0]}:{label(found[1])}"


def _text(content_type: str, encoding: str, stored: bytes) -> str | None:
    """The body as text; None where it is none."""
    if not stored:
        return ""
    if encoding in ("gzip", "deflate"):
        try:
            stored = zlib.decompressobj(wbits=47).decompress(stored, 4 * len(stored))
        except zlib.error:
            return None
    if content_type and not _TEXT.match(content_type.lower()):
        return None
    return stored.decode("utf-8", "replace")
