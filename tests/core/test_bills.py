"""Bills follow from readings and prices, to the cent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from mock_server.core.bills import list_bills, make_bill
from mock_server.core.chance import Chance
from mock_server.core.records import Service, Tariff, TariffPrice
from mock_server.core.usage import UNITS_PER_BILL_UNIT, Territory, read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

FIXTURES = load_fixtures(bundled_folder())
TARIFFS = {tariff.id: tariff for tariff in FIXTURES.tariffs}
SERVICES = [service for customer in FIXTURES.customers for _, service in customer.services()]
ZONE = ZoneInfo("America/New_York")
TERRITORY = Territory(chance=Chance("demo"), climate=FIXTURES.utility.climate, zone=ZONE)
START, NOW = datetime(2025, 1, 20, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_a_bill_counts_the_readings_of_its_period_and_its_lines_add_up(service: Service) -> None:
    bills = list_bills(TERRITORY, service, TARIFFS[service.tariff], start=START, now=NOW)
    assert [bill.period.start.astimezone(ZONE).month for bill in bills] == [*range(2, 13)]
    for bill in bills:
        assert bill.usage == read_meter(TERRITORY, service, bill.period, flow="net").total
        assert bill.volume * UNITS_PER_BILL_UNIT[service.kind] == bill.usage
        assert bill.total == sum(item.cost for item in bill.line_items) != 0
        assert all(item.cost == item.cost.quantize(Decimal("0.01")) for item in bill.line_items)
        for item in bill.line_items:
            if item.volume is not None and item.rate is not None:
                assert abs(item.cost - item.volume * item.rate) <= Decimal("0.005")
    assert all(one.period.end == other.period.start for one, other in pairwise(bills))


def test_a_bill_is_issued_after_its_period_and_not_before_its_day() -> None:
    service = SERVICES[0]
    tariff = TARIFFS[service.tariff]
    [*_, last] = list_bills(TERRITORY, service, tariff, start=START, now=NOW)
    assert last.period.end < last.published <= NOW
    assert last.statement_date == last.published.astimezone(ZONE).date()
    just_before = last.published - timedelta(microseconds=1)
    assert last not in list_bills(TERRITORY, service, tariff, start=START, now=just_before)
    assert last in list_bills(TERRITORY, service, tariff, start=START, now=last.published)


def test_the_price_in_force_when_the_period_began_is_charged() -> None:
    service = SERVICES[0]
    first = TariffPrice(effective=date(2025, 1, 1), fixed_charge=Decimal(10), unit_price=Decimal("0.1"))
    second = TariffPrice(effective=date(2025, 6, 1), fixed_charge=Decimal(20), unit_price=Decimal("0.2"))
    tariff: Tariff = replace(TARIFFS[service.tariff], prices=(first, second))
    bills = list_bills(TERRITORY, service, tariff, start=START, now=NOW)
    fixed = {bill.period.start.astimezone(ZONE).month: bill.line_items[0].cost for bill in bills}
    assert [fixed[month] for month in (5, 6, 7)] == [Decimal(10), Decimal(20), Decimal(20)]


def test_half_a_cent_is_rounded_up() -> None:
    service = SERVICES[0]
    [bill, *_] = list_bills(TERRITORY, service, TARIFFS[service.tariff], start=START, now=NOW)
    price = TariffPrice(effective=date(2020, 1, 1), fixed_charge=Decimal("1.005"), unit_price=Decimal(0))
    again = make_bill(TERRITORY, service, replace(TARIFFS[service.tariff], prices=(price,)), bill.period)
    assert again.total == Decimal("1.01")
