"""Costs of readings: they add up to the energy lines of the bill, and tiers fill in order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mock_server.domain.billing.costs import PARTS, price_readings
from mock_server.domain.billing.tariffs import charges
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Account, Flow, Service, Tariff, TariffPrice, Tier
from mock_server.domain.time.periods import Span, billing_periods
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.readings import Readings, Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

FIXTURES = load_fixtures(bundled_folder())
TARIFFS = {tariff.id: tariff for tariff in FIXTURES.tariffs}
ZONE = ZoneInfo("America/New_York")
TERRITORY = Territory(random=Randomness("demo"), climate=FIXTURES.utility.climate, zone=ZONE)
SERVICES = [
    pytest.param(account, service, id=f"{customer.id}-{service.id}")
    for customer in FIXTURES.customers
    if customer.id != "test_large"
    for account, service in customer.services()
]


def periods(account: Account) -> list[Span]:
    """Billing periods of a year that includes every price change."""
    start, end = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    return list(billing_periods(ZONE, start=start, end=end, read_day=account.read_day))


@pytest.mark.parametrize(("account", "service"), SERVICES)
def test_costs_add_up_to_the_lines_of_the_bill_before_rounding(account: Account, service: Service) -> None:
    tariff = TARIFFS[service.tariff]
    for period in periods(account):
        delivered = read_meter(TERRITORY, service, period, flow="forward")
        received = read_meter(TERRITORY, service, period, flow="reverse")
        lines = charges(service, tariff, ZONE, period, delivered=delivered, received=received)

        def exact(kind: str, lines=lines) -> Decimal:  # type: ignore[no-untyped-def]  # binds the loop's value
            priced = (x for x in lines if x.kind == kind and x.volume is not None and x.rate is not None)
            return sum((x.volume * x.rate for x in priced), Decimal())

        def total(flow: Flow, period=period, both=(delivered, received)) -> int:  # type: ignore[no-untyped-def]
            priced = price_readings(
                service, tariff, ZONE, period, flow=flow, delivered=both[0], received=both[1]
            )
            assert len(priced.costs) == len(both[0].values)
            return int(priced.costs.sum())

        segments = len({line.span for line in lines if line.kind == "energy"})
        assert abs(Decimal(total("forward")) / PARTS - exact("energy")) <= Decimal(segments) / PARTS / 2
        credit = Decimal(total("reverse")) / PARTS
        assert abs(credit - exact("credit")) <= Decimal(segments) / PARTS / 2
        assert (credit < 0) == (received.total > 0)
        assert total("net") == total("forward") + total("reverse")


def test_a_reading_costs_its_usage_at_the_price_of_its_hour() -> None:
    customer = next(item for item in FIXTURES.customers if item.id == "test_commercial")
    service = customer.accounts[0].services[0]
    tariff = TARIFFS[service.tariff]
    period = Span(start=datetime(2026, 1, 1, 5, tzinfo=UTC), end=datetime(2026, 2, 1, 5, tzinfo=UTC))
    read = read_meter(TERRITORY, service, period)
    priced = price_readings(service, tariff, ZONE, period, flow="forward", delivered=read, received=read)
    windows = tariff.prices[-1].windows
    prices = np.array([float(window.price) for window in windows])[priced.windows - 1]
    assert np.abs(priced.costs - read.values * prices * PARTS / 1000).max() < 1.0
    assert set(np.unique(priced.windows).tolist()) == {2, 3}, "no summer in January"
    assert not priced.tiers.any()


def test_tiers_ascend_and_change_at_the_limit() -> None:
    customer = next(item for item in FIXTURES.customers if item.id == "test_residential")
    service = customer.accounts[0].services[0]
    tariff = TARIFFS[service.tariff]
    period = Span(start=datetime(2026, 1, 1, 5, tzinfo=UTC), end=datetime(2026, 2, 1, 5, tzinfo=UTC))
    read = read_meter(TERRITORY, service, period)
    priced = price_readings(service, tariff, ZONE, period, flow="forward", delivered=read, received=read)
    assert set(np.unique(priced.tiers).tolist()) == {1, 2}
    assert (np.diff(priced.tiers) >= 0).all()
    first = int(np.argmax(priced.tiers == 2))
    limit = int(tariff.prices[-1].tiers[0].up_to or 0) * 1000
    before = int(read.values[:first].sum())
    assert before >= limit > before - int(read.values[first - 1])
    assert not priced.windows.any()


def test_all_eight_decimals_of_a_price_count() -> None:
    customer = next(item for item in FIXTURES.customers if item.id == "test_residential")
    service = customer.accounts[0].services[0]
    price = TariffPrice(
        effective=date(2015, 1, 1), fixed_charge=Decimal(), tiers=(Tier(price=Decimal("0.00000009")),)
    )
    tariff = Tariff(id="t", name="T", kind="electric", unit="kwh", taxes=(), prices=(price,))
    start = datetime(2026, 1, 1, 5, tzinfo=UTC)
    million = Readings(
        np.array([int(start.timestamp())]), np.array([10**9]), np.array([0]), 900
    )  # of kilowatt-hours
    period = Span(start=start, end=start + timedelta(days=31))
    priced = price_readings(
        service, tariff, ZONE, period, flow="forward", delivered=million, received=million
    )
    assert priced.costs.tolist() == [PARTS * 9 // 100], "nine cents"
