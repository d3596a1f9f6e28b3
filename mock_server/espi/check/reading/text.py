"""Decodes bytes into one XML stream, and joins concatenated documents.

Like the certification suite, it wraps everything in one element, so concatenated feeds (as after a 202) become one
document. This also makes any DOCTYPE, and therefore any entity declaration, a syntax error.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

OPENING: Final = b"<all>"
CLOSING: Final = b"</all>"
_HEAD: Final = 1024
_LONGEST_WAIT: Final = 1024 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = re.compile(r"utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|(windows-|cp)125\d", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml(\s[^<>]{0,200}?)?\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)


class TextMistake(Exception):
    """The bytes are not XML text. The message is a sentence, and `rule` is the id of the violated rule."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def encoding_of(head: bytes) -> str:
    """Detects the encoding from the first bytes (XML 1.0 appendix F). Raises TextMistake if it is unknown."""
    for start, name in _BOMS:
        if head.startswith(start):
            return name
    found = _DECLARED.match(head[:_HEAD])
    name = found[1].decode() if found else "utf-8"
    if not _KNOWN.fullmatch(name):
        raise TextMistake("encoding", f"The declared encoding {name!r} is not supported. Use UTF-8.")
    return name


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The documents as UTF-8, wrapped in one element and without XML declarations.

    Keeps line numbers. Raises TextMistake if the bytes are not XML or not valid in their encoding.
    """
    source = iter(pieces)
    head = b""
    for piece in source:
        head += piece
        if len(head) >= _HEAD:
            break
    encoding = encoding_of(head)
    _check_start(head, encoding)
    yield OPENING
    pending = ""
    for text in _decoded(head, source, encoding):
        pending += text
        # A declaration may be split between two pieces, so hold back the text from the last < on.
        at = pending.rfind("<") if len(pending) < _LONGEST_WAIT else len(pending)
        if at > 0:
            yield _without_declarations(pending[:at])
            pending = pending[at:]
    yield _without_declarations(pending)
    yield CLOSING


def _without_declarations(text: str) -> bytes:
    return _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text).encode()


def _check_start(head: bytes, encoding: str) -> None:
    text = head[:_HEAD].decode(encoding, "replace")
    start = text.lstrip(" \t\r\n\ufeff")
    if not start:
        raise TextMistake("well-formed", "The document is empty.")
    if head.startswith(b"PK\x03\x04"):
        raise TextMistake("well-formed", "This is a zip archive. Extract it, and check the XML file in it.")
    if not start.startswith("<"):
        raise TextMistake("well-formed", f"This is not XML: it begins with {start[:20]!r}.")
    if start.casefold().startswith(("<html", "<!doctype html")):
        raise TextMistake("well-formed", "This is a web page, not a Green Button document. Check the URL.")
    if start.startswith("<?xml") and text[0] not in "<\ufeff":
        raise TextMistake(
            "well-formed", "The XML declaration must be at the very start. Remove everything before it."
        )
    if _DOCTYPE.search(text):
        raise TextMistake(
            "doctype",
            "Green Button documents must not have a DOCTYPE. Remove it and the entities it declares.",
        )


def _decoded(head: bytes, rest: Iterator[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    try:
        for piece in chain([head], rest):
            yield decoder.decode(piece)
            read += len(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise TextMistake(
            "encoding",
            f"Byte {read + error.start:,} is not valid {encoding.upper().removesuffix('-SIG')}: {error.reason}."
            " Encode the document as UTF-8, and declare no other encoding.",
        ) from error
