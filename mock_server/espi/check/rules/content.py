"""Checks payloads against the type tables: elements, order, cardinality and values."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from lxml import etree

from mock_server.espi.check.document import Element, full_text, line_of
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.clean_content import is_clean
from mock_server.espi.check.rules.rule import quoted
from mock_server.espi.check.types.lookup import complex_type
from mock_server.espi.check.types.notation import Complex, Part
from mock_server.espi.check.types.simple import Simple, simple_type

UNKNOWN: Final = Rule(id="element-unknown", severity="error", says="the type defines the element")
NAMESPACE: Final = Rule(
    id="element-namespace", severity="error", says="elements are in the payload's namespace"
)
ORDER: Final = Rule(id="element-order", severity="error", says="elements are in the order of the schema")
MISSING: Final = Rule(id="element-missing", severity="error", says="required elements are present")
REPEATED: Final = Rule(
    id="element-repeated", severity="error", says="no element occurs more often than allowed"
)
STRAY_TEXT: Final = Rule(id="element-text", severity="error", says="only elements with a value contain text")
ATTRIBUTE: Final = Rule(id="element-attribute", severity="error", says="payloads have no attributes")
VALUE: Final = Rule(id="value-type", severity="error", says="a value is valid for its element's type")
CODE: Final = Rule(id="value-code", severity="warning", says="a code has a meaning in the standard")
RULES: Final = (UNKNOWN, NAMESPACE, ORDER, MISSING, REPEATED, STRAY_TEXT, ATTRIBUTE, VALUE, CODE)

_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


def check_content(element: Element, kind: Complex, *, place: str, path: str) -> Iterator[Finding]:
    """Checks the content of an element against its type. `place` names the entry, `path` the element in its payload."""
    namespace = etree.QName(element).namespace or ""
    if not is_clean(element, kind, namespace):
        yield from check_doubtful_content(element, kind, namespace, place=place, path=path)


def check_doubtful_content(
    element: Element, kind: Complex, namespace: str, *, place: str, path: str
) -> Iterator[Finding]:
    """The same for content that may have findings."""
    yield from _check_elements_only(element, place, path)
    reached, counts = 0, Counter[str]()
    for child in element.iterchildren("*"):
        found = _find(child, kind, namespace=namespace, place=place, path=path)
        if isinstance(found, Finding):
            yield found
            continue
        counts[found.name] += 1
        position = kind.places[found.name]
        if position < reached:
            message = (
                f"{path}/{found.name} comes after {kind.parts[reached].name}. The schema requires it before."
            )
            yield Finding(rule=ORDER, line=line_of(child), place=place, message=message)
        reached = max(reached, position)
        yield from _check_child(child, found, namespace=namespace, place=place, path=f"{path}/{found.name}")
    yield from _check_counts(element, kind, counts, place=place, path=path)


def _find(child: Element, kind: Complex, *, namespace: str, place: str, path: str) -> Part | Finding:
    name = etree.QName(child)
    if (name.namespace or "") != namespace:
        found = f"the namespace {name.namespace}" if name.namespace else "no namespace"
        message = f"{path}/{name.localname} is in {found}. Move it to {namespace}, like its parent."
        return Finding(rule=NAMESPACE, line=line_of(child), place=place, message=message)
    if name.localname in kind.places:
        return kind.parts[kind.places[name.localname]]
    near = get_close_matches(name.localname, kind.places, 1) if len(name.localname) < 80 else []
    hint = f"Did you mean {near[0]}?" if near else "Remove it, or move it into an extension."
    message = f"{path} has no element {quoted(name.localname)}. {hint}"
    return Finding(rule=UNKNOWN, line=line_of(child), place=place, message=message)


def _check_child(child: Element, part: Part, *, namespace: str, place: str, path: str) -> Iterator[Finding]:
    if part.type == "Anything":
        return
    simple = simple_type(part.type)
    if simple is not None:
        yield from _check_value(child, simple, place=place, path=path)
        return
    inner = complex_type(namespace, part.type)
    assert inner is not None, f"the tables name an unknown type {part.type}"
    yield from check_content(child, inner, place=place, path=path)


def _check_value(child: Element, simple: Simple, *, place: str, path: str) -> Iterator[Finding]:
    yield from _check_attributes(child, place, path)
    text = child.text or "" if len(child) == 0 else full_text(child)
    line = line_of(child)
    if next(child.iterchildren("*"), None) is not None or not simple.accepts(text):
        message = f"{path} is {quoted(text)}; it must be {simple.description}."
        yield Finding(rule=VALUE, line=line, place=place, message=message)
    elif simple.meanings is not None and text.strip() not in simple.meanings:
        near = get_close_matches(text, simple.meanings, 1) if len(text) < 80 else []
        hint = f" Did you mean {near[0]}?" if near and not text.strip().isdigit() else ""
        message = (
            f"{path} is {quoted(text)}, which has no meaning in ESPI.{hint} Use a code from ESPI's list."
        )
        yield Finding(rule=CODE, line=line, place=place, message=message)


def _check_counts(
    element: Element, kind: Complex, counts: Counter[str], *, place: str, path: str
) -> Iterator[Finding]:
    for part in kind.parts:
        count = counts[part.name]
        if count < part.least:
            often = "" if part.least == 1 else f" at least {part.least} times"
            message = (
                f"{path} has no {part.name}." if count == 0 else f"{path} has {part.name} {count} times."
            )
            message += f" It is required{often}."
            yield Finding(rule=MISSING, line=line_of(element), place=place, message=message)
        if part.most is not None and count > part.most:
            message = f"{path} has {part.name} {count} times. It may occur only once."
            yield Finding(rule=REPEATED, line=line_of(element), place=place, message=message)


def _check_elements_only(element: Element, place: str, path: str) -> Iterator[Finding]:
    """Elements with child elements contain no text, and payloads have no attributes."""
    yield from _check_attributes(element, place, path)
    texts = (element.text, *(child.tail for child in element))
    stray = next((text.strip() for text in texts if text and text.strip()), None)
    if stray is not None:
        message = f"{path} contains the text {quoted(stray)}, but may contain only elements."
        yield Finding(rule=STRAY_TEXT, line=line_of(element), place=place, message=message)


def _check_attributes(element: Element, place: str, path: str) -> Iterator[Finding]:
    if not element.attrib:
        return
    for name in element.attrib:
        if not str(name).startswith(_INSTANCE):
            message = (
                f"{path} has the attribute {quoted(str(name))}. Remove it: ESPI elements have no attributes."
            )
            yield Finding(rule=ATTRIBUTE, line=line_of(element), place=place, message=message)
