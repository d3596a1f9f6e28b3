"""The type tables match the schemas: elements, order, cardinality and values."""

from pathlib import Path

import pytest
from lxml import etree

from mock_server.espi.check.types import customer, management, usage
from mock_server.espi.check.types.codes import ENFORCED, NUMBERED, WORDS
from mock_server.espi.check.types.lookup import (
    CUSTOMER_NAMESPACE,
    USAGE_NAMESPACE,
    bare_type,
    complex_type,
    resource_type,
)
from mock_server.espi.check.types.notation import Complex, sequence
from mock_server.espi.check.types.simple import simple_type

XS = "{http://www.w3.org/2001/XMLSchema}"
FAMILIES = {
    "espi.xsd": (USAGE_NAMESPACE, {**usage.RESOURCES, **management.RESOURCES, **management.BARE}),
    "customer.xsd": (CUSTOMER_NAMESPACE, dict(customer.RESOURCES)),
}
ALL_TYPES = [
    (namespace, name, kind)
    for namespace, tables in (
        (USAGE_NAMESPACE, (usage.RESOURCES, usage.PARTS, management.RESOURCES, management.BARE)),
        (CUSTOMER_NAMESPACE, (customer.RESOURCES, customer.PARTS)),
    )
    for table in tables
    for name, kind in table.items()
]
# Names that differ, because two schemas use a name for different types or misspell it.
RENAMED = {
    "TokenEndPointMethod": "TokenEndpointMethod",
    "ThirdPartyApplicatonStatus": "ThirdPartyApplicationStatus",
    "ESPIServiceStatus": "ServiceStatusKind",
    "tOUorCPPorConsumptionTier": "TouOrCppOrConsumptionTier",
}
UNUSED = {"ParticipationCategoryMPM", "RevenueKind", "ServiceKind"}

Shape = list[tuple[str, int, int | None]]


class Schema:
    """A schema document, read into the form of the tables."""

    def __init__(self, path: Path) -> None:
        root = etree.parse(path).getroot()
        self.elements = {
            str(element.get("name")): str(element.get("type")) for element in root.findall(f"{XS}element")
        }
        self.types = {str(element.get("name")): element for element in root.findall(f"{XS}complexType")}
        self.simple = {str(element.get("name")): element for element in root.findall(f"{XS}simpleType")}

    def shape(self, kind: etree._Element) -> tuple[Shape, dict[str, etree._Element]]:
        """The elements of a type with their bounds, inherited ones first, and their declarations."""
        shape: Shape = []
        declared: dict[str, etree._Element] = {}
        extension = kind.find(f".//{XS}extension")
        base = str(extension.get("base")) if extension is not None else ""
        if base in self.types:
            shape, declared = self.shape(self.types[base])
        sequence_element = (
            kind.find(f"./{XS}sequence") if extension is None else extension.find(f"./{XS}sequence")
        )
        if sequence_element is None:
            return shape, declared
        for element in sequence_element.findall(f"{XS}element"):
            bounds = [element.get("minOccurs", "1"), element.get("maxOccurs", "1")]
            if sequence_element.get("maxOccurs"):
                bounds = [sequence_element.get("minOccurs", "1"), str(sequence_element.get("maxOccurs"))]
            name = str(element.get("name") or element.get("ref"))
            most = None if bounds[1] == "unbounded" else int(bounds[1])
            shape.append((name, int(bounds[0]), most))
            declared[name] = element
        return shape, declared

    def inside(self, element: etree._Element) -> etree._Element | None:
        """The complex type of an element with child elements, or None."""
        own = element.find(f"{XS}complexType")
        named = self.types.get(str(element.get("type")))
        found = own if own is not None else named
        return found if found is not None and self.shape(found)[0] else None


def written(kind: Complex) -> Shape:
    return [(part.name, part.least, part.most) for part in kind.parts]


@pytest.mark.schemas
@pytest.mark.parametrize("file", FAMILIES)
def test_the_tables_have_the_elements_of_the_schemas_in_order(schema_dir: Path, file: str) -> None:
    schema = Schema(schema_dir / file)
    namespace, tables = FAMILIES[file]
    seen: set[str] = set()

    def compare(name: str, declared: etree._Element, table: Complex) -> None:
        shape, elements = schema.shape(declared)
        assert (name, written(table)) == (name, shape)
        for part in table.parts:
            inner = complex_type(namespace, part.type)
            in_schema = schema.inside(elements[part.name])
            assert (inner is None) == (in_schema is None), (name, part)
            if inner is not None and in_schema is not None and part.type not in seen:
                seen.add(part.type)
                compare(part.type, in_schema, inner)

    for name, table in tables.items():
        compare(name, schema.types[schema.elements[name]], table)
    parts = usage.PARTS if file == "espi.xsd" else customer.PARTS
    assert seen == set(parts)


@pytest.mark.schemas
@pytest.mark.parametrize("file", FAMILIES)
def test_the_code_lists_match_the_schemas(schema_dir: Path, file: str) -> None:
    known = {
        **{name: {str(code) for code in codes} for name, codes in NUMBERED.items()},
        **{name: set(words) for name, words in {**ENFORCED, **WORDS}.items()},
    }
    compared = 0
    for name, kind in Schema(schema_dir / file).simple.items():
        values = {str(element.get("value")) for element in kind.iter(f"{XS}enumeration")}
        if values and not (name in UNUSED and file == "customer.xsd") and name != "ParticipationCategoryMPM":
            is_customers = f"Customer{name}" in known and file == "customer.xsd"
            assert (name, known[f"Customer{name}" if is_customers else RENAMED.get(name, name)]) == (
                name,
                values,
            )
            compared += 1
    assert compared > 9


def test_each_type_named_in_a_table_exists() -> None:
    for namespace, name, kind in ALL_TYPES:
        for part in kind.parts:
            is_simple, is_complex = (
                simple_type(part.type) is not None,
                complex_type(namespace, part.type) is not None,
            )
            assert part.type == "Anything" or is_simple != is_complex, (name, part)
    assert resource_type(USAGE_NAMESPACE, "Customer") is None
    assert bare_type(USAGE_NAMESPACE, "UsagePoint") is None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("String4", ["", "abcd", "äöüß"], ["abcde"]),
        ("HexBinary16", ["", "0a", "FFFF"], ["F", "0G", "FFFFFF", "0x0A"]),
        ("DstRuleType", ["360E2000", "ffffffff"], ["360E20001", "360E200000"]),
        ("UInt8", ["0", "255", " 7 ", "+7"], ["256", "-1", "1.0", "", "٣"]),
        ("UInt32", ["4294967295"], ["4294967296", "1e3"]),
        ("UInt48", ["281474976710655"], ["281474976710656"]),
        ("Int16", ["-32768", "32767"], ["-32769", "32768"]),
        ("Int48", ["-140737488355328", "140737488355328"], ["140737488355329", "450.5"]),
        (
            "TimeType",
            ["-9223372036854775808", "9223372036854775807"],
            ["-9223372036854775809", "9223372036854775808"],
        ),
        ("TimeType", ["-1", "1767268800"], ["2026-01-01T00:00:00Z", "9" * 5000, "17672688001234567890"]),
        ("PerCent", ["0", "100"], ["101", "50%"]),
        ("Integer", ["12", "-5"], ["1.5", "x"]),
        ("Float", ["1", "-1.5e3", "INF", "NaN"], ["1,5", "inf", "one", "0x1"]),
        ("Boolean", ["true", "false", "0", "1"], ["True", "yes", ""]),
        ("Uri", ["", "https://a.example/b?c=d#e", "relative/path"], ["a b", "<x>", "{id}"]),
        ("TokenType", ["Bearer"], ["bearer", " Bearer"]),
        ("UnitMultiplierKind", ["-3", "0", "5"], ["0.001", "k"]),
        ("UnitSymbolKind", ["72", "60000"], ["Wh", "-1", "65536"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_types_accept_good_values_and_reject_bad_ones(kind: str, good: list[str], bad: list[str]) -> None:
    simple = simple_type(kind)
    assert simple is not None
    assert [text for text in good if not simple.accepts(text)] == []
    assert [text for text in bad if simple.accepts(text)] == []
    assert simple.description


def test_a_line_that_is_not_in_the_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="name type"):
        sequence("nothing")
