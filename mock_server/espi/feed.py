"""Atom around payloads: feeds in pieces, lone entries whole (RFC 4287, ESPI 4.0 Atom binding).

Knows links, ids and their order; what a payload says and which entries a feed has is decided elsewhere.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from lxml import etree

from mock_server.core.records import Utility
from mock_server.espi import ids
from mock_server.espi.codes import CERTIFICATES
from mock_server.espi.ids import Place
from mock_server.espi.xml.spelling import CUSTOMER, USAGE, Element, Family, Spelling
from mock_server.paths import Links

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_SMALLEST_PIECE = 128 * 1024  # smaller ones cost more to send than to make
_WITHOUT_HOST = Links.at("")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource: where it stands, what stands beside it, since when it is published, and what it says.

    `papers` are URLs of PDF files about it; `updated` is None for what never changed.
    """

    place: Place
    family: Family
    related: tuple[Place, ...] = ()
    papers: tuple[str, ...] = ()
    published: datetime
    updated: datetime | None = None
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What one answer is written on: the reader's links, the utility's lasting ones, and the dialect.

    `stable` are the links that ids are hashed over, so that they stay the same under every host name.
    """

    links: Links
    stable: Links
    certificate_id: str
    is_prefixed: bool

    def spelling(self, family: Family) -> Spelling:
        """How payloads of a family are written in this dialect."""
        return Spelling(family, self.is_prefixed)

    def href(self, place: Place) -> str:
        """The link to a place, the same string wherever it appears."""
        return self.links.resource(*place)


def paper_for(links: Links, utility: Utility, dialect: str) -> Paper:
    """The paper for one answer."""
    return Paper(
        links=links,
        stable=Links.at(utility.canonical_base),
        certificate_id=utility.certificate_id,
        is_prefixed=dialect == "certification",
    )


def payload(element: Element) -> bytes:
    """A payload element as bytes."""
    return etree.tostring(element, encoding="utf-8")


def write_lone_entry(paper: Paper, entry: Entry) -> bytes:
    """An entry as a document of its own, with the certification link."""
    return _DECLARATION + _entry(paper, entry, f"<entry {_ATOM}>", _certificate(paper))


def write_feed(
    paper: Paper, place: Place, family: Family, entries: Iterable[Entry], *, updated: datetime
) -> Generator[bytes]:
    """A feed in pieces of at least 128 KB (the last may be smaller), each made when it is asked for."""
    pieces = [_feed_head(paper, place, family, updated)]
    size = 0
    for entry in entries:
        written = _entry(paper, entry, "<entry>", "")
        pieces.append(written)
        size += len(written)
        if size >= _SMALLEST_PIECE:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join([*pieces, b"</feed>\n"])


def _feed_head(paper: Paper, place: Place, family: Family, updated: datetime) -> bytes:
    head = (
        f"<feed {_ATOM}{_declared(paper, family)}>"
        f"<id>{ids.urn(paper.stable.resource(*place))}</id>"
        f"{_link(paper, 'self', place, family)}{_certificate(paper)}"
        f"<title>{ids.type_of(place)}</title>"
        f"<updated>{updated.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}</updated>\n"
    )
    return _DECLARATION + head.encode()


def _declared(paper: Paper, family: Family) -> str:
    """Certified clients look for the prefix's declaration on the root (ESPI 4.0 §6.1)."""
    return f' xmlns:{family.prefix}="{family.namespace}"' if paper.is_prefixed else ""


def _entry(paper: Paper, entry: Entry, opening: str, certificate: str) -> bytes:
    place, family = entry.place, entry.family
    published = _instant(entry.published)
    updated = published if entry.updated is None else _instant(entry.updated)
    related = "".join(_link(paper, "related", other, family) for other in entry.related)
    related += "".join(
        f'<link rel="related" href={quoteattr(url)} type="application/pdf"/>' for url in entry.papers
    )
    head = (
        f"{opening}<id>{_entry_id(paper, entry)}</id>"
        f"{_link(paper, 'self', place, family)}{_up_link(paper, place[:-1], family)}{related}{certificate}"
        f"<published>{published}</published><updated>{updated}</updated>"
        f"<title>{ids.type_of(place)}</title><content>"
    )
    return b"".join([head.encode(), entry.payload, b"</content></entry>\n"])


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _entry_id(paper: Paper, entry: Entry) -> str:
    """The captured documents hash a path for usage resources, a whole URL for the customer's own."""
    is_about_usage = entry.family is USAGE or ids.type_of(entry.place) == "LocalTimeParameters"
    return ids.urn((_WITHOUT_HOST if is_about_usage else paper.stable).resource(*entry.place))


def _link(paper: Paper, relation: str, place: Place, family: Family) -> str:
    prefix = "cust" if family is CUSTOMER else "espi"
    kind = f"{prefix}-{'feed' if ids.is_feed(place) else 'entry'}/{ids.type_of(place)}"
    return f'<link rel="{relation}" href={quoteattr(paper.href(place))} type="{kind}"/>'


@lru_cache(maxsize=1000)  # many entries stand in one collection
def _up_link(paper: Paper, collection: Place, family: Family) -> str:
    return _link(paper, "up", collection, family)


def _certificate(paper: Paper) -> str:
    return f'<link rel="related" href={quoteattr(CERTIFICATES + paper.certificate_id)} type="text/html"/>'
