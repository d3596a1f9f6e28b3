"""Decodes bytes of any encoding into one XML stream, and joins concatenated documents.

The suite puts everything it got into one element, so that several feeds one after the other (as after a 202) are
one stream. That also makes any DOCTYPE, and with it every entity, a syntax error.
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
    """Bytes that are not XML text; the message is a sentence, and `rule` is the violated rule."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def encoding_of(head: bytes) -> str:
    """The encoding of a document by its first bytes (XML 1.0 appendix F). Raises TextMistake for an unknown one."""
    for start, name in _BOMS:
        if head.startswith(start):
            return name
    found = _DECLARED.match(head[:_HEAD])
    name = found[1].decode() if found else "utf-8"
    if not _KNOWN.fullmatch(name):
        raise TextMistake("encoding", f"The declared encoding {name!r} is not known here. Write UTF-8.")
    return name


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-8 for the parser: the document or documents in one element, without XML declarations.

    Lines stay where they were. Raises TextMistake where bytes are not of the encoding, or are no XML at all.
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
        # A declaration may be cut by the border between two pieces: what follows the last < waits.
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
        raise TextMistake("well-formed", "This is a zip archive. Unpack it, and check the XML file inside.")
    if not start.startswith("<"):
        raise TextMistake("well-formed", f"This is not XML: it begins with {start[:20]!r}.")
    if start.casefold().startswith(("<html", "<!doctype html")):
        raise TextMistake(
            "well-formed", "This is a web page, not a Green Button document. Was it the right URL?"
        )
    if start.startswith("<?xml") and text[0] not in "<\ufeff":
        raise TextMistake(
            "well-formed", "The XML declaration must be the very first thing. Remove what is before it."
        )
    if _DOCTYPE.search(text):
        raise TextMistake(
            "doctype", "Green Button documents have no DOCTYPE. Remove it, and the entities it declares."
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
            f"Byte {read + error.start:,} is not {encoding.upper().removesuffix('-SIG')}: {error.reason}."
            " Write UTF-8, and declare no other encoding.",
        ) from error
