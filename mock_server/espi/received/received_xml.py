"""Parses XML that clients send, without entities or network and within limits, and compares it with what they read.

Rejects everything that would be ignored otherwise.
"""

from collections.abc import Collection

from lxml import etree

from mock_server.domain.errors import InvalidParameter, InvalidRequest
from mock_server.espi.xml.spelling import USAGE, Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_OURS = f"{{{USAGE.namespace}}}"


def read_payload(body: bytes, name: str) -> Element:
    """The payload of an Atom entry, if it is of that name. Raises InvalidRequest, InvalidParameter."""
    root = _parse(body)
    if root.tag != f"{_ATOM}entry":
        raise InvalidParameter(
            f"The body's root is {_local(root)}. Send an Atom entry, as GET answered it, with your changes."
        )
    content = root.find(f"{_ATOM}content")
    inside = [] if content is None else list(content)
    if [one.tag for one in inside] != [_OURS + name]:
        raise InvalidParameter(
            f"The entry's content holds {', '.join(map(_local, inside)) or 'nothing'}. It must hold one {name} "
            f"in the namespace {USAGE.namespace}."
        )
    return inside[0]


def _parse(body: bytes) -> Element:
    """The root. The parser expands no entities, loads nothing and keeps the library's limits of depth and size."""
    if not body.strip():
        raise InvalidRequest("The body is empty. Send the Atom entry as GET answered it, with your changes.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        tree = etree.ElementTree(etree.fromstring(body, parser))
    except etree.XMLSyntaxError as error:
        raise InvalidRequest(
            f"The body is not well-formed XML: line {error.lineno}: {error.msg}. Mend it there."
        ) from error
    if tree.docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise InvalidRequest("The body has a DOCTYPE, which is never read here. Send the document without.")
    return tree.getroot()


def value_of(payload: Element, name: str) -> str | None:
    """The text of the one child of that name; None where it is absent or empty. Raises InvalidParameter."""
    found = values_of(payload, name)
    if len(found) > 1:
        raise InvalidParameter(f"{name} stands there {len(found)} times. Send it once.")
    return found[0] or None if found else None


def values_of(payload: Element, name: str) -> list[str]:
    """The texts of all children of that name."""
    return [(child.text or "").strip() for child in payload.findall(_OURS + name)]


def check_unchanged(
    sent: Element, read: Element, *, but: Collection[str], moving: Collection[str] = ()
) -> None:
    """Check that all children except the named ones are unchanged. Raises InvalidParameter.

    `moving` children are computed, so they may have changed since they were read.
    """
    before, after = _children(read), _children(sent)
    for name in dict.fromkeys([*before, *after]):
        if name in (*but, *moving) or before.get(name) == after.get(name):
            continue
        if name not in after:
            raise InvalidParameter(
                f"{name} is missing. Send the entry as GET answered it, with your changes."
            )
        before_text = " or ".join(map(repr, before.get(name, ()))) or "not there"
        raise InvalidParameter(
            f"{name} cannot be changed by this token: it is {before_text[:200]}. What can be changed here is "
            f"{', '.join(but)}."
        )


def _children(payload: Element) -> dict[str, list[str]]:
    """What each child says, by its name; a child with children says theirs."""
    said: dict[str, list[str]] = {}
    for child in payload:
        inside = " ".join(f"{_local(one)}={(one.text or '').strip()}" for one in child)
        said.setdefault(_local(child), []).append(inside or (child.text or "").strip())
    return said


def _local(element: Element) -> str:
    """An element's name, without its namespace where that is ours."""
    return str(element.tag).removeprefix(_OURS)[:80]
