"""Numbers of ESPI that say how much a published value is."""

import pytest

from mock_server.domain.records import ServiceKind
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT
from mock_server.espi.codes import COMMODITIES

WATT_HOUR, THERM, GALLON = 72, 169, 128


@pytest.mark.parametrize(
    ("kind", "unit", "how_many"), [("electric", WATT_HOUR, 1000), ("gas", THERM, 1), ("water", GALLON, 1)]
)
def test_a_unit_of_a_bill_is_published_as_so_many_units(kind: ServiceKind, unit: int, how_many: int) -> None:
    """A kilowatt-hour is 1,000 Wh; a therm and a gallon are what they are."""
    how = COMMODITIES[kind]
    assert how.unit == unit
    assert UNITS_PER_BILL_UNIT[kind] * how.scale * 10.0**how.multiplier == pytest.approx(how_many)
