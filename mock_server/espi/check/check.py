"""Runs all rules on a source, which may contain several documents."""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from mock_server.espi.check import schema as schemas
from mock_server.espi.check.document import ATOM, Document, Element, Entry, line_of, read_entry, read_feed
from mock_server.espi.check.findings import Finding, Report, Rule
from mock_server.espi.check.reading.stream import Broken, Root, read_roots
from mock_server.espi.check.reading.text import TextMistake, joined
from mock_server.espi.check.rules import claims, content, envelope, feed, links, payload, times
from mock_server.espi.check.rules.rule import DocumentRule, EntryRule, FunctionBlocks

READABLE: Final = {
    "well-formed": Rule(id="well-formed", severity="error", says="the document is well-formed XML"),
    "doctype": Rule(
        id="doctype", severity="error", says="the document has no DOCTYPE and declares no entities"
    ),
    "encoding": Rule(
        id="encoding", severity="error", says="the bytes are valid in the declared encoding, preferably UTF-8"
    ),
}
CONCATENATED: Final = Rule(id="concatenated", severity="note", says="the source contains one document")
ENTRY_RULES: Final[tuple[EntryRule, ...]] = (
    envelope.check_parts,
    envelope.check_id,
    envelope.check_dates,
    envelope.check_link_forms,
    payload.check_payload,
    times.check_readings,
    claims.check_needs,
)
DOCUMENT_RULES: Final[tuple[DocumentRule, ...]] = (
    feed.check_feed,
    feed.check_ids,
    feed.check_certificate,
    payload.check_namespaces,
    payload.check_prefixes,
    links.check_selves,
    links.check_parents,
    links.check_local_times,
    links.check_reading_types,
    links.check_back_links,
    times.check_blocks,
    claims.check_claims,
)
RULES: Final[tuple[Rule, ...]] = (
    *READABLE.values(),
    CONCATENATED,
    *schemas.RULES,
    *envelope.RULES,
    *feed.RULES,
    *payload.RULES,
    *content.RULES,
    *links.RULES,
    *times.RULES,
    *claims.RULES,
)
"""All rules, for lists and tests."""


def check_document(
    pieces: Iterable[bytes],
    *,
    function_blocks: FunctionBlocks = frozenset(),
    schema: etree.XMLSchema | None = None,
) -> Report:
    """The report on a document, or on several concatenated documents.

    Raises only what reading `pieces` raises (SourceMistake). Any mistake in the bytes becomes a finding.
    """
    report = Report()

    def check_entry(element: Element) -> Entry:
        entry = read_entry(element)
        report.contents[entry.kind or "entry"] += 1
        for rule in ENTRY_RULES:
            report.add(rule(entry, element, function_blocks))
        if schema is not None:
            report.add(schemas.check_schema(schema, element, entry.place))
        return entry

    try:
        roots = read_roots(joined(pieces), check_entry)
    except TextMistake as mistake:
        report.add([_unreadable(mistake.rule, 0, str(mistake))])
        return report
    except Broken as mistake:
        report.add([_unreadable("well-formed", mistake.line, str(mistake))])
        return report
    if len(roots) > 1:
        message = f"The source contains {len(roots)} documents. Each is checked separately."
        report.add([Finding(rule=CONCATENATED, line=line_of(roots[1].element), place="", message=message)])
    for root in roots:
        _check_root(report, root, function_blocks, schema)
    return report


def _check_root(
    report: Report, root: Root, function_blocks: FunctionBlocks, schema: etree.XMLSchema | None
) -> None:
    element, name = root.element, etree.QName(root.element)
    is_feed = element.tag == f"{{{ATOM}}}feed"
    if not is_feed and not root.entries:
        report.contents[name.localname] += 1
        report.add(payload.check_bare(element))
        if schema is not None:
            report.add(schemas.check_schema(schema, element, name.localname))
    document = Document(
        line=line_of(element),
        root=name.localname,
        feed=read_feed(element) if is_feed else None,
        entries=root.entries,
    )
    for rule in DOCUMENT_RULES:
        report.add(rule(document, function_blocks))


def _unreadable(rule: str, line: int, message: str) -> Finding:
    return Finding(rule=READABLE[rule], line=line, place="", message=message)
