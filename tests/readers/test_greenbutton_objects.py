"""greenbutton-objects, the Python library, finds the engine's sums in the feed of every customer."""

import io
from decimal import Decimal
from typing import Any

import pytest
from greenbutton_objects.parse import parse_feed
from lxml import etree

from tests.espi.documents import ATOM, ESPI, entries, hrefs, parse
from tests.readers.published import CUSTOMERS, in_bill_units, publish
from tests.support import Third

# Codes of the standard that the library's enumerations lack: it refuses a whole feed that has one.
UNKNOWN_TO_IT = {"flowDirection": "4", "kind": "58"}


def without_unknown(feed: bytes) -> bytes:
    """The feed without net readings and volumes: their ReadingTypes, and what hangs on them."""
    root = parse(feed)
    gone = set()
    for one in entries(root, "ReadingType"):
        if any(one.findtext(f".//{ESPI}{name}") == code for name, code in UNKNOWN_TO_IT.items()):
            gone |= set(hrefs(one, "self"))
    for one in entries(root, "MeterReading"):
        if gone & set(hrefs(one, "related")):
            gone |= set(hrefs(one, "self"))
    for one in root.findall(f"{ATOM}entry"):
        up = "".join(hrefs(one, "up")).removesuffix("/IntervalBlock")
        if gone & {*hrefs(one, "self"), up}:
            root.remove(one)
    return etree.tostring(root)


def total(reading: Any) -> Decimal:  # the library's own class
    values = (Decimal(one._value) for one in reading.intervalReadings)
    return in_bill_units(
        sum(values) * Decimal(10) ** reading.readingType.powerOfTenMultiplier, reading.readingType.uom.value
    )


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_its_sums_are_the_engines(third: Third, customer: str) -> None:
    published = publish(third, customer)
    found: dict[tuple[str, int], Decimal] = {}
    for point in parse_feed(io.BytesIO(without_unknown(published.feed))):
        assert point.serviceCategory.value in (0, 1, 2)
        for reading in point.meterReadings:
            key = point.link_self.rsplit("/", 1)[-1], reading.readingType.flowDirection.value
            found[key] = found.get(key, Decimal(0)) + total(reading)
    assert found
    assert found == {key: published.sums[key] for key in found}


@pytest.mark.parametrize(
    ("customer", "result"),
    [("test_solar", "is not a valid (FlowDirection|Kind)"), ("test_residential", "58 is not a valid Kind")],
)
def test_it_refuses_codes_that_it_does_not_know(third: Third, customer: str, result: str) -> None:
    """Fails when the library learns them; then the test above needs no omissions."""
    with pytest.raises(ValueError, match=result):
        parse_feed(io.BytesIO(publish(third, customer).feed))
