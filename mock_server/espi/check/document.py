"""The model of a document that rules check: without payloads, so documents of any size fit in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

ATOM: Final = "http://www.w3.org/2005/Atom"
Element = etree._Element

# The payload values that document rules need. The rest is discarded after its entry is checked.
_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "UsagePoint": ("ServiceCategory/kind",),
    "ReadingType": ("accumulationBehaviour", "commodity", "flowDirection", "intervalLength", "kind", "uom"),
    "IntervalBlock": ("interval/start", "interval/duration"),
}


@dataclass(frozen=True, kw_only=True)
class Link:
    """An atom:link."""

    relation: str
    href: str
    type: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The common parts of feeds and entries: the texts of each Atom element, and the links."""

    line: int
    texts: Mapping[str, Sequence[str]]
    links: Sequence[Link]

    def text(self, name: str) -> str:
        """The first text of an Atom element such as id or title; empty if there is none."""
        return next(iter(self.texts.get(name, ())), "").strip()

    def hrefs(self, relation: str) -> Sequence[str]:
        """The hrefs of the links with a relation."""
        return [link.href for link in self.links if link.relation == relation]

    @property
    def self_href(self) -> str:
        """The href of the first self link; empty if there is none."""
        return next(iter(self.hrefs("self")), "")


@dataclass(frozen=True, kw_only=True)
class Entry(Envelope):
    """An atom:entry. `kind` is the payload's name, or empty without a payload. `facts` are payload texts by path."""

    kind: str
    namespace: str
    prefix: str | None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The name of the entry in findings."""
        return f"{self.kind or 'entry'} {self.self_href or self.text('id')}".strip()


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document: a feed with its entries, a single entry (`feed` is None), or a bare ESPI element."""

    line: int
    root: str
    feed: Envelope | None
    entries: Sequence[Entry]

    def of_kind(self, *kinds: str) -> Sequence[Entry]:
        """The entries whose payload is of one of these kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]


def payload_of(entry: Element) -> Element | None:
    """The first element in an entry's content, or None."""
    content = entry.find(f"{{{ATOM}}}content")
    if content is None:
        return None
    return next(content.iterchildren("*"), None)


def read_entry(entry: Element) -> Entry:
    """Reads the parts of an entry that document rules need."""
    payload = payload_of(entry)
    name = etree.QName(payload) if payload is not None else None
    kind = name.localname if name else ""
    facts = {} if payload is None else _facts(payload, _FACTS.get(kind, ()))
    return Entry(
        line=line_of(entry),
        texts=_texts(entry),
        links=_links(entry),
        kind=kind,
        namespace=(name.namespace or "") if name else "",
        prefix=payload.prefix if payload is not None else None,
        facts=facts,
    )


def read_feed(feed: Element) -> Envelope:
    """Reads the envelope of a feed without its entries."""
    return Envelope(line=line_of(feed), texts=_texts(feed), links=_links(feed))


def line_of(element: Element) -> int:
    """The line where an element begins; 0 if unknown."""
    return element.sourceline or 0  # type: ignore[return-value, truthy-bool]  # the stub says `...`


def full_text(element: Element) -> str:
    """The text of an element, including that of its descendants."""
    return "".join(str(part) for part in element.itertext())


def find_text(element: Element, path: str) -> str | None:
    """The text at a path of names in the element's namespace, or None if there is no such element."""
    namespace = etree.QName(element).namespace
    steps = "/".join(f"{{{namespace}}}{step}" if namespace else step for step in path.split("/"))
    found = element.find(steps)
    return None if found is None else (found.text or "").strip()


def _facts(payload: Element, paths: Sequence[str]) -> Mapping[str, str]:
    found = {path: find_text(payload, path) for path in paths}
    return {path: text for path, text in found.items() if text is not None}


def _texts(parent: Element) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for child in parent.iterchildren(f"{{{ATOM}}}*"):
        name = etree.QName(child).localname
        if name not in ("content", "entry", "link"):
            found.setdefault(name, []).append(full_text(child))
    return found


def _links(parent: Element) -> Sequence[Link]:
    return [
        Link(
            relation=str(link.get("rel", "alternate")),
            href=str(link.get("href", "")),
            type=str(link.get("type", "")),
            line=line_of(link),
        )
        for link in parent.findall(f"{{{ATOM}}}link")
    ]
