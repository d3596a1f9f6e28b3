"""What is recognized as clean has no findings, whatever is done to a document."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mock_server.espi.check.document import payload_of
from mock_server.espi.check.rules.clean_content import is_clean
from mock_server.espi.check.rules.content import check_doubtful_content
from mock_server.espi.check.types.lookup import resource_type
from mock_server.espi.check.types.notation import Complex
from tests.espi.check.samples import CUSTOMER, NAMES, USAGE

FEEDS = {"usage": USAGE, "customer": CUSTOMER}
TEXTS = ("", "1", "-1", "x", " 7 ", "99999999999", "true", "\N{NO-BREAK SPACE}1", "2026-01-01T00:00:00Z")


def payloads(feed: str) -> Iterator[tuple[etree._Element, Complex, str]]:
    """The payloads of a feed with their types and namespaces."""
    for entry in etree.fromstring(feed.encode()).iterfind("a:entry", NAMES):
        payload = payload_of(entry)
        assert payload is not None
        name = etree.QName(payload)
        kind = resource_type(name.namespace or "", name.localname)
        if kind is not None:
            yield payload, kind, name.namespace or ""


def findings(payload: etree._Element, kind: Complex, namespace: str) -> list[str]:
    found = check_doubtful_content(payload, kind, namespace, place="here", path="payload")
    return [one.message for one in found]


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS.keys())
def test_valid_payloads_are_clean(feed: str) -> None:
    """Otherwise nothing would be faster."""
    results = [is_clean(*one) for one in payloads(feed)]
    assert len(results) > 3
    assert all(results)


def change(element: etree._Element, how: str, text: str) -> None:
    """Change one element, or what is beside it."""
    parent = element.getparent()
    match how:
        case "text":
            element.text = text
        case "tail":
            element.tail = text
        case "attribute":
            element.set("a", text)
        case "instance":
            element.set("{http://www.w3.org/2001/XMLSchema-instance}type", "x")
        case "comment":
            element.append(etree.Comment("c"))
        case "child":
            etree.SubElement(element, element.tag).text = text
        case "rename":
            element.tag = f"{element.tag}x"
        case "namespace":
            element.tag = f"{{urn:x}}{etree.QName(element).localname}"
        case "remove" if parent is not None:
            parent.remove(element)
        case "repeat" if parent is not None:
            copy = etree.fromstring(etree.tostring(element, with_tail=False))
            parent.insert(parent.index(element), copy)
        case "move" if parent is not None:
            parent.insert(0, element)


HOW = (
    "text",
    "tail",
    "attribute",
    "instance",
    "comment",
    "child",
    "rename",
    "namespace",
    "remove",
    "repeat",
    "move",
)


@settings(max_examples=300)
@given(data=st.data())
def test_what_is_recognized_as_clean_has_no_findings(data: st.DataObject) -> None:
    chosen = list(payloads(FEEDS[data.draw(st.sampled_from(sorted(FEEDS)))]))
    payload, kind, namespace = data.draw(st.sampled_from(chosen))
    elements = list(payload.iter("*"))
    for _ in range(data.draw(st.integers(1, 3))):
        element = data.draw(st.sampled_from(elements))
        change(element, data.draw(st.sampled_from(HOW)), data.draw(st.sampled_from(TEXTS)))
    found = findings(payload, kind, namespace)
    assert not (is_clean(payload, kind, namespace) and found)


def test_an_element_in_another_namespace_is_reported_at_its_entry() -> None:
    payload, kind, namespace = next(payloads(USAGE))
    etree.SubElement(payload, "kind")
    found = list(check_doubtful_content(payload, kind, namespace, place="here", path="payload"))
    assert [one.place for one in found if one.rule.id == "element-namespace"] == ["here"]
