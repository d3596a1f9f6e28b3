"""Parses XML that clients send, and compares it with the current resource.

Allows no entities and no network access, and limits depth and size. Rejects anything it would otherwise ignore.
"""

from collections.abc import Collection

from lxml import etree

from mock_server.domain.errors import InvalidParameter, InvalidRequest
from mock_server.espi.xml.spelling import USAGE, Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ESPI = f"{{{USAGE.namespace}}}"


def read_payload(body: bytes, name: str) -> Element:
    """The payload of an Atom entry, which must have this name. Raises InvalidRequest, InvalidParameter."""
    root = _parse(body)
    if root.tag != f"{_ATOM}entry":
        raise InvalidParameter(
            f"The root element is {_local(root)}. Send the Atom entry from the GET response with your changes."
        )
    content = root.find(f"{_ATOM}content")
    inside = [] if content is None else list(content)
    if [child.tag for child in inside] != [_ESPI + name]:
        raise InvalidParameter(
            f"The entry's content is {', '.join(map(_local, inside)) or 'empty'}. It must be one {name} "
            f"in the namespace {USAGE.namespace}."
        )
    return inside[0]


def _parse(body: bytes) -> Element:
    """The root. The parser expands no entities, loads nothing, and keeps the library's limits on depth and size."""
    if not body.strip():
        raise InvalidRequest(
            "The body is empty. Send the Atom entry from the GET response with your changes."
        )
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
            f"The body is not well-formed XML: line {error.lineno}: {error.msg}. Fix that line."
        ) from error
    if tree.docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise InvalidRequest("The body has a DOCTYPE, which is not allowed. Remove it.")
    return tree.getroot()


def value_of(payload: Element, name: str) -> str | None:
    """The text of the only child with this name; None if absent or empty. Raises InvalidParameter if repeated."""
    found = values_of(payload, name)
    if len(found) > 1:
        raise InvalidParameter(f"{name} was sent {len(found)} times. Send it once.")
    return found[0] or None if found else None


def values_of(payload: Element, name: str) -> list[str]:
    """The texts of all children with this name."""
    return [(child.text or "").strip() for child in payload.findall(_ESPI + name)]


def check_unchanged(
    sent: Element, read: Element, *, but: Collection[str], moving: Collection[str] = ()
) -> None:
    """Raises InvalidParameter if any child other than `but` and `moving` has changed.

    `moving` names computed children, which may differ from the values that the client read.
    """
    before, after = _children(read), _children(sent)
    for name in dict.fromkeys([*before, *after]):
        if name in (*but, *moving) or before.get(name) == after.get(name):
            continue
        if name not in after:
            raise InvalidParameter(
                f"{name} is missing. Send the complete entry from the GET response with your changes."
            )
        before_text = " or ".join(map(repr, before.get(name, ()))) or "absent"
        raise InvalidParameter(
            f"{name} cannot be changed with this token: it is {before_text[:200]}. You can change only "
            f"{', '.join(but)}."
        )


def _children(payload: Element) -> dict[str, list[str]]:
    """The values of the children by name. A child with children has their names and texts as its value."""
    values: dict[str, list[str]] = {}
    for child in payload:
        inside = " ".join(f"{_local(nested)}={(nested.text or '').strip()}" for nested in child)
        values.setdefault(_local(child), []).append(inside or (child.text or "").strip())
    return values


def _local(element: Element) -> str:
    """An element's name, without the namespace if it is ESPI's."""
    return str(element.tag).removeprefix(_ESPI)[:80]
