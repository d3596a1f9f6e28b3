"""The ESPI codes that scale published values."""

import pytest

from mock_server.domain.records import ServiceKind
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT
from mock_server.espi.codes import COMMODITIES

WATT_HOUR, THERM, GALLON = 72, 169, 128


@pytest.mark.parametrize(
    ("kind", "unit", "count"), [("electric", WATT_HOUR, 1000), ("gas", THERM, 1), ("water", GALLON, 1)]
)
def test_a_billed_unit_equals_this_many_published_units(kind: ServiceKind, unit: int, count: int) -> None:
    """A kilowatt-hour is 1,000 Wh. Therms and gallons are published as they are."""
    commodity = COMMODITIES[kind]
    assert commodity.unit == unit
    assert UNITS_PER_BILL_UNIT[kind] * commodity.scale * 10.0**commodity.multiplier == pytest.approx(count)
