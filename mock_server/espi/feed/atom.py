"""Writes Atom: feeds in pieces, single entries at once (RFC 4287, ESPI 4.0 Atom binding).

Writes links, ids and timestamps. Does not build payloads or select entries.
"""

from collections.abc import Callable, Generator, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from mock_server.domain.records import Utility
from mock_server.espi.codes import CERTIFICATES
from mock_server.espi.feed import ids
from mock_server.espi.feed.feed_cache import FEED_CACHE, CompressedPart, FeedCache, pack
from mock_server.espi.feed.ids import Place
from mock_server.espi.xml.spelling import CUSTOMER, USAGE, Element, Family, Spelling
from mock_server.urls import Links

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_SMALLEST_PIECE = 128 * 1024  # smaller pieces cost more to send than to create


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource: its place, related links, timestamps and payload.

    `pdf_urls` link to PDF files about it. `updated` is None if it never changed.
    """

    place: Place
    family: Family
    related: tuple[Place, ...] = ()
    pdf_urls: tuple[str, ...] = ()
    published: datetime
    updated: datetime | None = None
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class CachedSection:
    """Entries that never change: they are written once and cached.

    The entries depend only on the key and the render context.
    """

    key: Hashable
    entries: Callable[[], Iterable[Entry]]


@dataclass(frozen=True, kw_only=True)
class RenderContext:
    """How to write one response: the request's links, the utility's stable links, and the dialect.

    Ids are hashes of `stable` links, so they are the same under every host name.
    """

    links: Links
    stable: Links
    certificate_id: str
    is_prefixed: bool

    def spelling(self, family: Family) -> Spelling:
        """Creates payload elements of a family in this dialect."""
        return Spelling(family, self.is_prefixed)

    def href(self, place: Place) -> str:
        """The URL of a place, identical wherever it appears."""
        return self.links.resource(*place)


def render_context_for(links: Links, utility: Utility, dialect: str) -> RenderContext:
    """The render context of one response."""
    return RenderContext(
        links=links,
        stable=Links.at(utility.canonical_base),
        certificate_id=utility.certificate_id,
        is_prefixed=dialect == "certification",
    )


def payload(element: Element) -> bytes:
    """A payload element as bytes."""
    return etree.tostring(element, encoding="utf-8")


def write_single_entry(render_context: RenderContext, entry: Entry) -> bytes:
    """An entry as a document, with the certificate link."""
    return _DECLARATION + _entry(render_context, entry, f"<entry {_ATOM}>", _certificate(render_context))


def write_feed(
    render_context: RenderContext,
    place: Place,
    family: Family,
    parts: Iterable[Entry | CachedSection],
    *,
    updated: datetime,
    cache: FeedCache = FEED_CACHE,
) -> Generator[bytes | CompressedPart]:
    """A feed in pieces, each written on demand. Sections come from the cache if possible."""
    pieces, size = [_feed_head(render_context, place, family, updated)], 0
    for part in parts:
        if isinstance(part, Entry):
            pieces.append(_entry(render_context, part, "<entry>", ""))
            size += len(pieces[-1])
        if size >= _SMALLEST_PIECE or isinstance(part, CachedSection):
            yield b"".join(pieces)
            pieces, size = [], 0
        if isinstance(part, CachedSection):
            yield _section(render_context, part, cache)
    yield b"".join([*pieces, b"</feed>\n"])


def _section(render_context: RenderContext, section: CachedSection, cache: FeedCache) -> CompressedPart:
    key = (render_context, section.key)
    part = cache.find(key)
    if part is None:
        part = pack(b"".join(_entry(render_context, entry, "<entry>", "") for entry in section.entries()))
        cache.keep(key, part)
    return part


def _feed_head(render_context: RenderContext, place: Place, family: Family, updated: datetime) -> bytes:
    head = (
        f"<feed {_ATOM}{_declared(render_context, family)}>"
        f"<id>{ids.urn(render_context.stable.resource(*place))}</id>"
        f"{_link(render_context, 'self', place, family)}{_certificate(render_context)}"
        f"<title>{ids.type_of(place)}</title>"
        f"<updated>{updated.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}</updated>\n"
    )
    return _DECLARATION + head.encode()


def _declared(render_context: RenderContext, family: Family) -> str:
    """The prefix declaration, which certified clients expect on the root (ESPI 4.0 §6.1)."""
    return f' xmlns:{family.prefix}="{family.namespace}"' if render_context.is_prefixed else ""


def _entry(render_context: RenderContext, entry: Entry, opening: str, certificate: str) -> bytes:
    collection, href = entry.place[:-1], render_context.href(entry.place)
    published = _instant(entry.published)
    updated = published if entry.updated is None else _instant(entry.updated)
    links, title = _frame(render_context, collection, entry.family, entry.related, entry.pdf_urls)
    head = (
        f"{opening}<id>{_entry_id(render_context, entry, href)}</id>"
        f'<link rel="self" href="{_in_quotes(href)}" {links}{certificate}'
        f"<published>{published}</published><updated>{updated}</updated>{title}<content>"
    )
    return b"".join([head.encode(), entry.payload, b"</content></entry>\n"])


@lru_cache(maxsize=1000)
def _frame(
    render_context: RenderContext,
    collection: Place,
    family: Family,
    related: tuple[Place, ...],
    pdf_urls: tuple[str, ...],
) -> tuple[str, str]:
    """The markup that entries of a collection share: the remaining links, and the title."""
    prefix, kind = "cust" if family is CUSTOMER else "espi", collection[-1]
    links = [f'type="{prefix}-entry/{kind}"/>', _link(render_context, "up", collection, family)]
    links += [_link(render_context, "related", other, family) for other in related]
    links += [f'<link rel="related" href="{_in_quotes(url)}" type="application/pdf"/>' for url in pdf_urls]
    return "".join(links), f"<title>{kind}</title>"


def _in_quotes(url: str) -> str:
    return escape(url, {'"': "&quot;"})


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _entry_id(render_context: RenderContext, entry: Entry, href: str) -> str:
    """As in the real system's documents, usage ids hash a path, and customer ids hash a complete URL."""
    path = href.removeprefix(render_context.links.base)
    is_about_usage = entry.family is USAGE or entry.place[-2] == "LocalTimeParameters"
    return ids.urn(path if is_about_usage else render_context.stable.base + path)


def _link(render_context: RenderContext, relation: str, place: Place, family: Family) -> str:
    prefix = "cust" if family is CUSTOMER else "espi"
    kind = f"{prefix}-{'feed' if ids.is_feed(place) else 'entry'}/{ids.type_of(place)}"
    return f'<link rel="{relation}" href={quoteattr(render_context.href(place))} type="{kind}"/>'


def _certificate(render_context: RenderContext) -> str:
    return f'<link rel="related" href={quoteattr(CERTIFICATES + render_context.certificate_id)} type="text/html"/>'
