"""Validates against atom.xsd, espi.xsd and customer.xsd from a local folder, without network access."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from mock_server.espi.check.document import Element
from mock_server.espi.check.findings import Finding, Rule

SCHEMA: Final = Rule(
    id="schema", severity="error", says="entries and bare documents are valid against the XML schema"
)
RULES: Final = (SCHEMA,)
_FILES: Final = (
    ("http://www.w3.org/2005/Atom", ("atom.xsd",)),
    ("http://naesb.org/espi", ("espi.xsd", "espiDerived.xsd")),
    ("http://naesb.org/espi/customer", ("customer.xsd", "retailcustomer.xsd")),
)
# Replaces xml.xsd, which atom.xsd imports from the network, with the attributes it needs.
_XML_ATTRIBUTES: Final = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="space" type="xs:NCName"/></xs:schema>"""


class SchemaMistake(Exception):
    """The schemas cannot be used. The message is a sentence."""


class _Offline(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # a stub
        name = system_url.rsplit("/", 1)[-1]
        text = _XML_ATTRIBUTES if name == "xml.xsd" else (self._folder / name).read_text(encoding="utf-8")
        return self.resolve_string(text, context, base_url=system_url)


def load_schema(folder: Path) -> etree.XMLSchema:
    """Loads the Atom schema with the usage and customer schemas in the folder. Raises SchemaMistake."""
    folder = folder.resolve()
    parser = etree.XMLParser()
    parser.resolvers.add(_Offline(folder))
    found = [(namespace, path) for namespace, names in _FILES if (path := _first(folder, names)) is not None]
    if len(found) < 2 or found[0][1].name != "atom.xsd":
        raise SchemaMistake(
            f"The schemas are not in {folder}. Put atom.xsd and espi.xsd or customer.xsd there."
        )
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{path.as_uri()}"/>' for namespace, path in found
    )
    wrapper = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    try:
        return etree.XMLSchema(etree.fromstring(wrapper, parser, base_url=f"{folder.as_uri()}/all.xsd"))
    except (etree.LxmlError, OSError, UnicodeError) as error:
        raise SchemaMistake(f"The schemas in {folder} cannot be used: {error}.") from error


def check_schema(schema: etree.XMLSchema, element: Element, place: str) -> Iterator[Finding]:
    """The schema errors of an entry or a bare document."""
    if schema.validate(element):
        return
    for error in schema.error_log:  # type: ignore[attr-defined]  # the stubs lack it
        yield Finding(rule=SCHEMA, line=error.line, place=place, message=error.message)


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)
