"""Parses a stream of XML into roots and entries; each entry is processed and released, so any size fits in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from mock_server.espi.check.document import ATOM, Element, Entry, line_of
from mock_server.espi.check.reading.text import CLOSING

LARGEST_ENTRY: Final = 16 * 1024 * 1024
"""No entry, and nothing outside entries, may take more bytes in one piece."""
MOST_ENTRIES: Final = 1_000_000
_PIECE: Final = 256 * 1024


class Broken(Exception):
    """A document that cannot be parsed further; the message is a sentence."""

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
    """Takes finished entries out of the tree that is being built."""

    look: Callable[[Element], Entry]
    roots: list[Root] = field(default_factory=list)
    done: Element | None = None
    entries: int = 0

    def take(self, element: Element) -> bool:
        """Look at a finished entry, unless it stands somewhere inside another element."""
        parent = element.getparent()
        is_alone = parent is not None and parent.getparent() is None
        if parent is None or not (is_alone or _is_feed_of_the_top(parent)):
            return False
        root = element if is_alone else parent
        if not self.roots or self.roots[-1].element is not root:
            self.roots.append(Root(element=root))
            self.done = None
        self.roots[-1].entries.append(self.look(element))
        self.entries += 1
        element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older
        # The parser may still be adding to what follows the newest entry, so it is the one before that goes.
        if self.done is not None and not is_alone:
            parent.remove(self.done)
        self.done = element
        return True


def read_roots(
    pieces: Iterable[bytes], look: Callable[[Element], Entry], *, most_entries: int = MOST_ENTRIES
) -> Sequence[Root]:
    """All roots inside the outermost element; `look` gets each complete entry before it is emptied.

    Raises Broken if the XML is not well-formed or a limit is exceeded; earlier entries were processed.
    """
    # Without huge_tree the parser's own limits of depth, text and entities stay in force.
    parser = etree.XMLPullParser(
        events=("end",), tag=(f"{{{ATOM}}}entry",), resolve_entities=False, no_network=True, load_dtd=False
    )
    reader = _Reader(look=look)
    waiting = 0
    for piece in _small(pieces):
        error = _feed(parser, piece)
        waiting += len(piece)
        for _event, element in parser.read_events():
            if isinstance(element, Element) and reader.take(element):
                waiting = 0
        if error is not None:
            raise error
        _check_limits(reader, waiting, most_entries)
    return _all_roots(_close(parser), reader.roots)


def _small(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that fit into the parser's buffer, which is limited too."""
    for piece in pieces:
        for at in range(0, len(piece), _PIECE):
            yield piece[at : at + _PIECE]


def _feed(parser: "etree.XMLPullParser", piece: bytes) -> Broken | None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        if piece == CLOSING:
            message = "The document ends too early: it was cut off, or an end tag is missing."
            return Broken(error.lineno or 0, message)
        return _not_well_formed(error.lineno or 0, error.msg)
    # An unknown entity is told here only: the parser would begin anew with the next piece.
    fatal = parser.feed_error_log.filter_from_fatals()
    return _not_well_formed(fatal[0].line, fatal[0].message) if fatal else None


def _close(parser: "etree.XMLPullParser") -> Element:
    try:
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error.lineno or 0, error.msg) from error


def _not_well_formed(line: int, message: str) -> Broken:
    return Broken(line, f"The XML is not well-formed: {message}.")


def _check_limits(reader: _Reader, waiting: int, most_entries: int) -> None:
    if waiting > LARGEST_ENTRY:
        raise Broken(
            0, f"An entry is larger than {LARGEST_ENTRY // 2**20} MB. Publish it in several entries."
        )
    if reader.entries > most_entries:
        raise Broken(0, f"There are more than {most_entries:,} entries. Check the document in parts.")


def _is_feed_of_the_top(element: Element) -> bool:
    parent = element.getparent()
    return element.tag == f"{{{ATOM}}}feed" and parent is not None and parent.getparent() is None


def _all_roots(top: Element, known: Sequence[Root]) -> Sequence[Root]:
    """The roots with entries and those without, in order. Raises Broken for text between them."""
    _check_no_text(top, top.text)
    found: list[Root] = []
    rest = list(known)
    for element in top:
        _check_no_text(element, element.tail)
    for element in top.iterchildren("*"):
        is_known = bool(rest) and rest[0].element is element
        found.append(rest.pop(0) if is_known else Root(element=element))
    if not found:
        raise Broken(0, "There is no element in the document.")
    return found


def _check_no_text(element: Element, text: str | None) -> None:
    if text and text.strip():
        raise Broken(
            line_of(element), f"There is text outside the root element: {text.strip()[:40]!r}. Remove it."
        )
