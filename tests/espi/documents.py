"""Parses Green Button documents for tests."""

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
ESPI = "{http://naesb.org/espi}"
CUST = "{http://naesb.org/espi/customer}"


def parse(body: bytes) -> etree._Element:
    """The root of a document of any size."""
    return etree.fromstring(body, etree.XMLParser(huge_tree=True))


def entries(root: etree._Element, kind: str) -> list[etree._Element]:
    """The entries of a feed whose title is `kind`."""
    return [entry for entry in root.iter(f"{ATOM}entry") if entry.findtext(f"{ATOM}title") == kind]


def hrefs(entry: etree._Element, relation: str) -> list[str]:
    """The hrefs of the links with a relation."""
    return [str(link.get("href")) for link in entry.findall(f"{ATOM}link") if link.get("rel") == relation]


def payload(entry: etree._Element) -> etree._Element:
    """The payload of an entry."""
    return entry.find(f"{ATOM}content")[0]  # type: ignore[index]  # every entry has content
