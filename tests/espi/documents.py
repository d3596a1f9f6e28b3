"""Green Button documents as a test reads them: parsed, validated, and looked into."""

from pathlib import Path
from typing import Any

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
ESPI = "{http://naesb.org/espi}"
CUST = "{http://naesb.org/espi/customer}"

# What atom.xsd imports from the network, as far as it needs it.
_XML_ATTRIBUTES = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="space" type="xs:NCName"/></xs:schema>"""
_IMPORTS = {
    "http://www.w3.org/2005/Atom": "atom.xsd",
    "http://naesb.org/espi": "espi.xsd",
    "http://naesb.org/espi/customer": "customer.xsd",
}


class _Offline(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # a stub
        name = system_url.rsplit("/", 1)[-1]
        text = _XML_ATTRIBUTES if name == "xml.xsd" else (self._folder / name).read_text()
        return self.resolve_string(text, context, base_url=system_url)


def load_schema(folder: Path) -> etree.XMLSchema:
    """Atom with both families of payloads, without the network."""
    parser = etree.XMLParser()
    parser.resolvers.add(_Offline(folder))
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{(folder / name).as_uri()}"/>'
        for namespace, name in _IMPORTS.items()
    )
    wrapper = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(wrapper, parser, base_url=f"{folder.as_uri()}/all.xsd"))


def parse(body: bytes) -> etree._Element:
    """The root of a document of any size."""
    return etree.fromstring(body, etree.XMLParser(huge_tree=True))


def entries(root: etree._Element, kind: str) -> list[etree._Element]:
    """The entries of a feed with that title."""
    return [entry for entry in root.iter(f"{ATOM}entry") if entry.findtext(f"{ATOM}title") == kind]


def hrefs(entry: etree._Element, relation: str) -> list[str]:
    """Where the links of that relation lead."""
    return [str(link.get("href")) for link in entry.findall(f"{ATOM}link") if link.get("rel") == relation]


def payload(entry: etree._Element) -> etree._Element:
    """What an entry says."""
    return entry.find(f"{ATOM}content")[0]  # type: ignore[index]  # every entry has content
