"""Parses an XML stream into roots and entries. Each entry is processed and released, so any size fits in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from mock_server.espi.check.document import ATOM, Element, Entry, line_of
from mock_server.espi.check.reading.text import CLOSING

LARGEST_ENTRY: Final = 16 * 1024 * 1024
"""The maximum size in bytes of an entry, and of anything between entries."""
MOST_ENTRIES: Final = 1_000_000
_PIECE: Final = 256 * 1024


class Broken(Exception):
    """The document cannot be parsed further. The message is a sentence."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(kw_only=True)
class Root:
    """A root element and its processed entries, which are removed from the element."""

    element: Element
    entries: list[Entry] = field(default_factory=list)


@dataclass(kw_only=True)
class _Reader:
    """Removes finished entries from the tree while it is built."""

    look: Callable[[Element], Entry]
    roots: list[Root] = field(default_factory=list)
    previous: Element | None = None
    entries: int = 0

    def take(self, element: Element) -> bool:
        """Process a finished entry. Returns False if it is not at the top or directly in a top-level feed."""
        parent = element.getparent()
        is_alone = parent is not None and parent.getparent() is None
        if parent is None or not (is_alone or _is_top_level_feed(parent)):
            return False
        root = element if is_alone else parent
        if not self.roots or self.roots[-1].element is not root:
            self.roots.append(Root(element=root))
            self.previous = None
        self.roots[-1].entries.append(self.look(element))
        self.entries += 1
        element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older
        # The parser may still add the tail of the newest entry, so remove the previous entry instead.
        if self.previous is not None and not is_alone:
            parent.remove(self.previous)
        self.previous = element
        return True


def read_roots(
    pieces: Iterable[bytes], look: Callable[[Element], Entry], *, most_entries: int = MOST_ENTRIES
) -> Sequence[Root]:
    """All roots in the outermost element. `look` receives each complete entry before its content is released.

    Raises Broken if the XML is not well-formed or exceeds a limit, after processing the earlier entries.
    """
    # Without huge_tree, the parser keeps its own limits on depth, text and entities.
    parser = etree.XMLPullParser(
        events=("end",), tag=(f"{{{ATOM}}}entry",), resolve_entities=False, no_network=True, load_dtd=False
    )
    reader = _Reader(look=look)
    unprocessed = 0
    for piece in _split(pieces):
        error = _feed(parser, piece)
        unprocessed += len(piece)
        for _event, element in parser.read_events():
            if isinstance(element, Element) and reader.take(element):
                unprocessed = 0
        if error is not None:
            raise error
        _check_limits(reader, unprocessed, most_entries)
    return _all_roots(_close(parser), reader.roots)


def _split(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that fit into the parser's limited buffer."""
    for piece in pieces:
        for at in range(0, len(piece), _PIECE):
            yield piece[at : at + _PIECE]


def _feed(parser: "etree.XMLPullParser", piece: bytes) -> Broken | None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        if piece == CLOSING:
            message = "The document ends too early: it is truncated, or an end tag is missing."
            return Broken(error.lineno or 0, message)
        return _not_well_formed(error.lineno or 0, error.msg)
    # Unknown entities appear only in this log. Without this check, the parser would restart with the next piece.
    fatal = parser.feed_error_log.filter_from_fatals()
    return _not_well_formed(fatal[0].line, fatal[0].message) if fatal else None


def _close(parser: "etree.XMLPullParser") -> Element:
    try:
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error.lineno or 0, error.msg) from error


def _not_well_formed(line: int, message: str) -> Broken:
    return Broken(line, f"The XML is not well-formed: {message}.")


def _check_limits(reader: _Reader, unprocessed: int, most_entries: int) -> None:
    if unprocessed > LARGEST_ENTRY:
        raise Broken(
            0, f"An entry is larger than {LARGEST_ENTRY // 2**20} MB. Split it into several entries."
        )
    if reader.entries > most_entries:
        raise Broken(
            0, f"The document has more than {most_entries:,} entries. Split it, and check each part."
        )


def _is_top_level_feed(element: Element) -> bool:
    parent = element.getparent()
    return element.tag == f"{{{ATOM}}}feed" and parent is not None and parent.getparent() is None


def _all_roots(top: Element, known: Sequence[Root]) -> Sequence[Root]:
    """All roots in order, with or without entries. Raises Broken for text between them."""
    _check_no_text(top, top.text)
    found: list[Root] = []
    rest = list(known)
    for element in top:
        _check_no_text(element, element.tail)
    for element in top.iterchildren("*"):
        is_known = bool(rest) and rest[0].element is element
        found.append(rest.pop(0) if is_known else Root(element=element))
    if not found:
        raise Broken(0, "The document has no element. Is it the right file?")
    return found


def _check_no_text(element: Element, text: str | None) -> None:
    if text and text.strip():
        raise Broken(line_of(element), f"Text is outside the root element: {text.strip()[:40]!r}. Remove it.")
