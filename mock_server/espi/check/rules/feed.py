"""Checks the feed around entries (§6.2), the certification link (§6.5), and duplicate ids."""

from collections.abc import Iterator
from typing import Final

from mock_server.espi.check.document import Document, Envelope
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.envelope import date_mistakes, id_mistakes
from mock_server.espi.check.rules.rule import FunctionBlocks, quoted
from mock_server.espi.codes import CERTIFICATES

PARTS: Final = {
    "id": Rule(id="D001", severity="error", says="a feed has id"),
    "title": Rule(id="D002", severity="error", says="a feed has title"),
    "updated": Rule(id="D003", severity="error", says="a feed has updated"),
}
SELF: Final = Rule(id="feed-self", severity="warning", says="a feed has a self link")
PUBLISHED: Final = Rule(
    id="feed-published", severity="error", says="a feed has only elements that Atom allows in feeds"
)
ID_TWICE: Final = Rule(id="id-unique", severity="error", says="no two entries have the same id")
CERTIFICATE: Final = Rule(
    id="certificate-link",
    severity="error",
    says="a document has one certification link, with a certificate's id",
)
RULES: Final = (*PARTS.values(), SELF, PUBLISHED, ID_TWICE, CERTIFICATE)

_IN_FEED: Final = frozenset(
    (
        "author",
        "category",
        "contributor",
        "generator",
        "icon",
        "id",
        "logo",
        "rights",
        "subtitle",
        "title",
        "updated",
    )
)
# Documents that certification checks (CERT001 to CERT004, and CERT005 to CERT008 for customers).
_CERTIFIED: Final = ("/Batch/Subscription/", "/Batch/RetailCustomer/")
_CERTIFIED_KINDS: Final = ("ApplicationInformation", "Authorization")


def check_feed(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.2: id, title, updated and a self link; no `published`."""
    feed = document.feed
    if feed is None:
        return
    for name, rule in PARTS.items():
        if name not in feed.texts:
            yield _at(feed, rule, f"The feed has no {name}. Add one.")
    if not feed.hrefs("self"):
        yield _at(feed, SELF, "The feed has no self link. Add one with the feed's URL.")
    for name in feed.texts.keys() - _IN_FEED:
        yield _at(
            feed,
            PUBLISHED,
            f"Atom has no element {quoted(name)} in a feed. Remove it, or move it to the entries.",
        )
    yield from id_mistakes(feed.text("id"), line=feed.line, place="feed")
    yield from date_mistakes("updated", feed.text("updated"), line=feed.line, place="feed")


def check_ids(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.3: an id names one resource."""
    seen: dict[str, int] = {}
    for entry in document.entries:
        text = entry.text("id")
        if text and text in seen:
            message = (
                f"The entry in line {seen[text]} also has the id {quoted(text)}. Give each entry its own id."
            )
            yield Finding(rule=ID_TWICE, line=entry.line, place=entry.place, message=message)
        seen.setdefault(text, entry.line)


def check_certificate(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.5: exactly one certification link per document, in the feed or the single entry."""
    envelopes = document.entries if document.feed is None else [document.feed, *document.entries]
    links = [
        link
        for envelope in envelopes
        for link in envelope.links
        if link.relation == "related" and link.href.startswith(CERTIFICATES)
    ]
    place = "feed" if document.feed is not None else "entry"
    if not links and _is_certified(document):
        message = (
            f"The {place} has no certification link. Add one: rel related, type text/html,"
            f" href {CERTIFICATES} and the certificate's id."
        )
        yield Finding(rule=CERTIFICATE, line=document.line, place=place, message=message)
    for link in links[1:]:
        message = (
            "This certification link is redundant. Keep one per document, in the feed or the single entry."
        )
        yield Finding(rule=CERTIFICATE, line=link.line, place=place, message=message)
    if links and links[0].href == CERTIFICATES:
        message = "The certification link has no certificate id. Append it to the URL."
        yield Finding(rule=CERTIFICATE, line=links[0].line, place=place, message=message)


def _is_certified(document: Document) -> bool:
    envelope: Envelope | None = document.feed or next(iter(document.entries), None)
    href = envelope.self_href if envelope is not None else ""
    if any(part in href for part in _CERTIFIED):
        return True
    kinds = {entry.kind for entry in document.entries}
    return bool(kinds) and kinds <= set(_CERTIFIED_KINDS)


def _at(feed: Envelope, rule: Rule, message: str) -> Finding:
    return Finding(rule=rule, line=feed.line, place="feed", message=message)
