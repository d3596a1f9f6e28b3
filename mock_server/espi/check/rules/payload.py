"""Checks that an entry contains one resource of a known kind."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from mock_server.espi.check.document import ATOM, Document, Element, Entry, line_of, payload_of
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.content import check_content
from mock_server.espi.check.rules.rule import FunctionBlocks, quoted
from mock_server.espi.check.types.lookup import (
    CUSTOMER_NAMESPACE,
    USAGE_NAMESPACE,
    bare_type,
    resource_names,
    resource_type,
)

NONE: Final = Rule(id="payload-missing", severity="error", says="an entry's content is a resource")
SEVERAL: Final = Rule(id="payload-several", severity="error", says="an entry contains one resource")
UNKNOWN: Final = Rule(id="payload-unknown", severity="error", says="the standard defines the resource")
WRAPPED: Final = Rule(id="payload-wrapped", severity="error", says="bare documents are not wrapped in Atom")
MIXED: Final = Rule(
    id="namespaces-mixed", severity="error", says="usage and customer data are in separate documents"
)
PREFIX: Final = Rule(id="prefix", severity="note", says="payloads have the literal prefix espi or cust")
RULES: Final = (NONE, SEVERAL, UNKNOWN, WRAPPED, MIXED, PREFIX)

_PREFIXES: Final = {USAGE_NAMESPACE: "espi", CUSTOMER_NAMESPACE: "cust"}


def check_payload(entry: Entry, element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.3: `content` contains one element, a resource of one of the schemas."""
    payload = payload_of(element)
    if payload is None:
        message = "The entry has no content with an element. Add its resource as content."
        yield Finding(rule=NONE, line=entry.line, place=entry.place, message=message)
        return
    yield from _check_single(entry, element)
    kind = resource_type(entry.namespace, entry.kind)
    if kind is None:
        yield _unknown(entry, line_of(payload))
        return
    yield from check_content(payload, kind, place=entry.place, path=entry.kind)


def _check_single(entry: Entry, element: Element) -> Iterator[Finding]:
    contents = element.findall(f"{{{ATOM}}}content")
    count = sum(1 for content in contents for _ in content.iterchildren("*"))
    if len(contents) > 1 or count > 1:
        message = f"The entry has {len(contents)} contents with {count} elements. Put each in its own entry."
        yield Finding(rule=SEVERAL, line=line_of(contents[-1]), place=entry.place, message=message)


def _unknown(entry: Entry, line: int) -> Finding:
    if bare_type(entry.namespace, entry.kind) is not None:
        message = f"{entry.kind} is a separate document. Send it without the surrounding Atom feed and entry."
        return Finding(rule=WRAPPED, line=line, place=entry.place, message=message)
    for namespace in (USAGE_NAMESPACE, CUSTOMER_NAMESPACE):
        if entry.kind in resource_names(namespace):
            message = (
                f"{entry.kind} is in the namespace {entry.namespace or '(none)'}. Move it to {namespace}."
            )
            return Finding(rule=UNKNOWN, line=line, place=entry.place, message=message)
    message = f"{quoted(entry.kind)} is not an ESPI resource. Fix the name, or remove the entry."
    return Finding(rule=UNKNOWN, line=line, place=entry.place, message=message)


def check_namespaces(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.1: customer data and usage data are in separate documents."""
    usage = [entry for entry in document.entries if entry.namespace == USAGE_NAMESPACE]
    customer = [entry for entry in document.entries if entry.namespace == CUSTOMER_NAMESPACE]
    if usage and customer:
        fewer = min(usage, customer, key=len)
        message = "The document contains usage and customer resources. Serve them as two documents."
        yield Finding(rule=MIXED, line=fewer[0].line, place=fewer[0].place, message=message)


def check_prefixes(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 allows any prefix, but the certification suite requires the literal one."""
    for entry in document.entries:
        expected = _PREFIXES.get(entry.namespace)
        if expected is not None and entry.prefix != expected:
            message = (
                f"Payloads have {f'the prefix {entry.prefix}:' if entry.prefix else 'no prefix'}."
                f" This is valid XML, but the certification suite requires the literal prefix {expected}:."
            )
            yield Finding(rule=PREFIX, line=entry.line, place=entry.place, message=message)
            return


def check_bare(root: Element) -> Iterator[Finding]:
    """Checks a document without Atom: ServiceStatus or BatchList."""
    name = etree.QName(root)
    kind = bare_type(name.namespace or "", name.localname)
    if kind is not None:
        yield from check_content(root, kind, place=name.localname, path=name.localname)
        return
    if resource_type(name.namespace or "", name.localname) is not None:
        message = f"{name.localname} is the root element. Wrap it in the content of an Atom entry."
    else:
        message = (
            f"The root element is {quoted(name.localname)} in the namespace {name.namespace or '(none)'}."
            " Use an Atom feed or entry, or an ESPI ServiceStatus or BatchList."
        )
    yield Finding(rule=UNKNOWN, line=line_of(root), place=name.localname, message=message)
