"""Bills: computed from readings and prices, exact to the cent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mock_server.domain.billing.bills import list_bills, make_bill
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Service, Tariff, TariffPrice, Tax, Tier, Window
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

FIXTURES = load_fixtures(bundled_folder())
TARIFFS = {tariff.id: tariff for tariff in FIXTURES.tariffs}
SERVICES = [service for customer in FIXTURES.customers for _, service in customer.services()]
ZONE = ZoneInfo("America/New_York")
TERRITORY = Territory(random=Randomness("demo"), climate=FIXTURES.utility.climate, zone=ZONE)
START, NOW = datetime(2025, 1, 20, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_a_bill_covers_the_readings_of_its_period_and_its_lines_add_up(service: Service) -> None:
    bills = list_bills(TERRITORY, service, TARIFFS[service.tariff], start=START, now=NOW, read_day=1)
    assert [bill.period.start.astimezone(ZONE).month for bill in bills] == [*range(2, 13)]
    for bill in bills:
        assert bill.usage == read_meter(TERRITORY, service, bill.period, flow="net").total
        assert bill.volume * UNITS_PER_BILL_UNIT[service.kind] == bill.usage
        assert bill.total == sum(item.cost for item in bill.line_items) != 0
        assert all(item.cost == item.cost.quantize(Decimal("0.01")) for item in bill.line_items)
        for item in bill.line_items:
            if item.volume is not None and item.rate is not None:
                assert abs(item.cost - item.volume * item.rate) <= Decimal("0.005")
    assert all(bill.period.end == following.period.start for bill, following in pairwise(bills))


def test_a_bill_is_issued_after_its_period_on_its_statement_date() -> None:
    service = SERVICES[0]
    tariff = TARIFFS[service.tariff]
    [*_, last] = list_bills(TERRITORY, service, tariff, start=START, now=NOW, read_day=1)
    assert last.period.end < last.published <= NOW
    assert last.statement_date == last.published.astimezone(ZONE).date()
    just_before = last.published - timedelta(microseconds=1)
    assert last not in list_bills(TERRITORY, service, tariff, start=START, now=just_before, read_day=1)
    assert last in list_bills(TERRITORY, service, tariff, start=START, now=last.published, read_day=1)


def electric(*prices: TariffPrice, taxes: tuple[Tax, ...] = ()) -> Tariff:
    return Tariff(id="t", name="T", kind="electric", unit="kwh", taxes=taxes, prices=prices)


def price(effective: date = date(2015, 1, 1), **changed: Any) -> TariffPrice:
    plain: dict[str, Any] = {"fixed_charge": Decimal(10), "tiers": (Tier(price=Decimal("0.1")),)}
    return TariffPrice(effective=effective, **{**plain, **changed})


HOME, SHOP, SOLAR = (
    next(service for service in SERVICES if service.id == service_id)
    for service_id in ("11100-00000", "22100-00000", "33100-00000")
)
JULY = Span(start=datetime(2025, 7, 1, 4, tzinfo=UTC), end=datetime(2025, 8, 1, 4, tzinfo=UTC))


def test_a_price_change_within_a_period_splits_the_lines() -> None:
    second = price(date(2025, 7, 11), fixed_charge=Decimal(20), tiers=(Tier(price=Decimal("0.2")),))
    bill = make_bill(TERRITORY, HOME, electric(price(), second), JULY)
    fixed = [item for item in bill.line_items if item.kind == "fixed"]
    energy = [item for item in bill.line_items if item.kind == "energy"]
    assert [item.cost for item in fixed] == [Decimal("3.23"), Decimal("13.55")], "10 and 21 of 31 days"
    assert [item.rate for item in energy] == [Decimal("0.1"), Decimal("0.2")]
    change = datetime(2025, 7, 11, 4, tzinfo=UTC)
    assert [item.span for item in energy] == [replace(JULY, end=change), replace(JULY, start=change)]
    for item in energy:
        assert item.volume == Decimal(read_meter(TERRITORY, HOME, item.span).total) / 1000


def test_tiers_fill_in_order() -> None:
    tiers = (
        Tier(up_to=Decimal(100), price=Decimal("0.1")),
        Tier(up_to=Decimal(250), price=Decimal("0.2")),
        Tier(price=Decimal("0.3")),
    )
    bill = make_bill(TERRITORY, HOME, electric(price(tiers=tiers)), JULY)
    energy = [item for item in bill.line_items if item.kind == "energy"]
    assert [item.tier for item in energy] == [1, 2, 3]
    assert [item.volume for item in energy] == [Decimal(100), Decimal(150), bill.volume - 250]
    few = make_bill(TERRITORY, replace(HOME, daily_usage=Decimal(1)), electric(price(tiers=tiers)), JULY)
    assert [item.tier for item in few.line_items if item.kind == "energy"] == [1]


def test_the_first_matching_window_applies_to_a_reading() -> None:
    peak = Window(name="Peak", price=Decimal("0.3"), months=(7,), days="workdays", hours=(14, 19))
    weekend = Window(name="Weekend", price=Decimal("0.2"), days="offdays")
    other = Window(name="Other", price=Decimal("0.1"))
    bill = make_bill(TERRITORY, SHOP, electric(price(windows=(peak, weekend, other))), JULY)
    volumes = {item.bucket: item.volume for item in bill.line_items if item.kind == "energy"}
    expected = {"Peak": 0, "Weekend": 0, "Other": 0}
    readings = read_meter(TERRITORY, SHOP, JULY)
    for start, value in zip(readings.starts.tolist(), readings.values.tolist(), strict=True):
        local = datetime.fromtimestamp(start, ZONE)
        is_off = local.weekday() >= 5 or local.date() == date(2025, 7, 4)
        bucket = "Weekend" if is_off else "Peak" if 14 <= local.hour < 19 else "Other"
        expected[bucket] += value
    assert volumes == {name: Decimal(value) / 1000 for name, value in expected.items()}


def test_demand_is_the_highest_15_minute_interval() -> None:
    bill = make_bill(TERRITORY, SHOP, electric(price(demand_price=Decimal("7.15"))), JULY)
    readings = read_meter(TERRITORY, SHOP, JULY)
    [demand] = [item for item in bill.line_items if item.kind == "demand"]
    assert demand.volume == Decimal(int(readings.values.max()) * 4) / 1000
    assert bill.peak is not None
    index = int(readings.values.argmax())
    assert (bill.peak.watts, bill.peak.ended) == (
        int(readings.values.max()) * 4,
        int(readings.starts[index]) + 900,
    )


def test_received_energy_is_credited_and_the_usage_is_net() -> None:
    bill = make_bill(TERRITORY, SOLAR, electric(price(credit_price=Decimal("0.05"))), JULY)
    delivered, received = (
        read_meter(TERRITORY, SOLAR, JULY, flow=flow).total for flow in ("forward", "reverse")
    )
    assert bill.usage == delivered - received
    [energy] = [item for item in bill.line_items if item.kind == "energy"]
    [credit] = [item for item in bill.line_items if item.kind == "credit"]
    assert (energy.volume, credit.volume) == (Decimal(delivered) / 1000, Decimal(received) / 1000)
    assert credit.cost < 0


@pytest.mark.parametrize(("service", "credit_price"), [(SOLAR, None), (HOME, Decimal("0.05"))])
def test_there_is_no_credit_without_a_credit_price_or_received_energy(
    service: Service, credit_price: Decimal | None
) -> None:
    bill = make_bill(TERRITORY, service, electric(price(credit_price=credit_price)), JULY)
    assert [item.kind for item in bill.line_items] == ["fixed", "energy"]


def test_taxes_apply_to_all_other_lines_but_never_to_a_credit() -> None:
    taxes = (Tax(name="State", rate=Decimal("0.05")), Tax(name="City", rate=Decimal("0.01")))
    bill = make_bill(TERRITORY, HOME, electric(price(), taxes=taxes), JULY)
    *rest, state, city = bill.line_items
    subtotal = sum(item.cost for item in rest)
    assert state.cost == (subtotal * Decimal("0.05")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert city.cost == (subtotal * Decimal("0.01")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    generous = price(credit_price=Decimal(9))
    [*_, tax] = make_bill(TERRITORY, SOLAR, electric(generous, taxes=taxes[:1]), JULY).line_items
    assert tax.kind == "tax"
    assert tax.cost == 0


def test_half_a_cent_is_rounded_up() -> None:
    charge = price(fixed_charge=Decimal("1.005"), tiers=(Tier(price=Decimal(0)),))
    assert make_bill(TERRITORY, HOME, electric(charge), JULY).total == Decimal("1.01")


def test_a_bill_is_due_three_weeks_after_its_statement() -> None:
    bill = make_bill(TERRITORY, HOME, electric(price()), JULY)
    assert (bill.statement_date, bill.due_date) == (date(2025, 8, 4), date(2025, 8, 25))
