"""Readings: a pure function of seed, meter and time, with plausible usage."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Flow, Service
from mock_server.domain.time.periods import Span
from mock_server.domain.time.zones import offsets
from mock_server.domain.usage.readings import INTERVAL_SECONDS, UNITS_PER_BILL_UNIT, Readings, Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

ZONE = ZoneInfo("America/New_York")
FLOWS: tuple[Flow, ...] = ("forward", "reverse", "net")
START = datetime(2025, 1, 1, tzinfo=UTC)
FIXTURES = load_fixtures(bundled_folder())
SERVICES = [service for customer in FIXTURES.customers for _, service in customer.services()]


def seeded(seed: str) -> Territory:
    return Territory(random=Randomness(seed), climate=FIXTURES.utility.climate, zone=ZONE)


def month_of(number: int) -> Span:
    """Returns 31 days from the start of a month of 2025."""
    start = datetime(2025, number, 1, 5, tzinfo=UTC)
    return Span(start=start, end=start + timedelta(days=31))


YEAR = Span(start=START, end=START + timedelta(days=365))


def kinds() -> list[Service]:
    """Returns one service of each profile."""
    return list({service.profile: service for service in SERVICES if not service.generation_kw}.values())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SERVICES),
    st.integers(0, 20 * 86_400),
    st.integers(0, 20 * 86_400),
    st.integers(0, 40 * 86_400),
)
def test_a_part_has_the_values_of_the_complete(service: Service, skip: int, length: int, more: int) -> None:
    start = START + timedelta(seconds=skip)
    part = read_meter(seeded("s"), service, Span(start=start, end=start + timedelta(seconds=length)))
    complete = read_meter(
        seeded("s"), service, Span(start=START, end=start + timedelta(seconds=length + more))
    )
    values = dict(zip(complete.starts.tolist(), complete.values.tolist(), strict=True))
    assert [values[start] for start in part.starts.tolist()] == part.values.tolist()
    interval = INTERVAL_SECONDS[service.kind]
    assert all(start % interval == 0 for start in part.starts.tolist())
    if len(part.starts):
        assert part.starts[0] >= start.timestamp()
        assert part.starts[-1] + interval <= start.timestamp() + length
    else:
        assert length < 2 * interval


@pytest.mark.parametrize("service", kinds(), ids=lambda service: service.profile)
def test_a_year_has_every_interval_once_and_roughly_the_daily_usage(service: Service) -> None:
    readings = read_meter(seeded("s"), service, YEAR)
    assert (np.diff(readings.starts) == INTERVAL_SECONDS[service.kind]).all()
    assert len(readings.starts) == YEAR.seconds // INTERVAL_SECONDS[service.kind]
    assert readings.values.min() >= 0
    per_day = readings.total / 365 / UNITS_PER_BILL_UNIT[service.kind]
    assert per_day == pytest.approx(float(service.daily_usage), rel=0.1)


def test_seed_and_meter_decide_and_nothing_else() -> None:
    service = SERVICES[0]
    first = read_meter(seeded("one"), service, YEAR).values
    assert (read_meter(seeded("one"), service, YEAR).values == first).all()
    assert (read_meter(seeded("two"), service, YEAR).values != first).any()
    other = replace(service, meter_serial="another")
    assert (read_meter(seeded("one"), other, YEAR).values != first).any()
    renamed = replace(service, id="another", service_class="x")
    assert (read_meter(seeded("one"), renamed, YEAR).values == first).all()


def test_these_readings_never_change() -> None:
    """Expectations that users recorded must survive an upgrade. A change of the model belongs into CHANGELOG."""
    [service] = [item for item in SERVICES if item.id == "11100-00000"]
    readings = read_meter(seeded("demo"), service, Span(start=START, end=START + timedelta(hours=1)))
    assert readings.values.tolist() == [333, 411, 226, 325]


@pytest.mark.parametrize(
    ("service_id", "january", "july"),
    [
        ("11100-00000", 623283, 1182273),
        ("11200-00000", 120514, 14614),
        ("11300-00000", 4527, 8825),
        ("22100-00000", 8371313, 14147886),
        ("22200-00000", 775633, 132067),
        ("22300-00000", 17370, 24532),
        ("22400-00000", 15375740, 19234077),
        ("22500-00000", 3230790, 2039158),
        ("55100-00000", 562140, 1052207),
    ],
)
def test_these_months_never_change(service_id: str, january: int, july: int) -> None:
    """One service of each profile, and one with flaws."""
    [service] = [item for item in SERVICES if item.id == service_id]
    assert [read_meter(seeded("demo"), service, month_of(number)).total for number in (1, 7)] == [
        january,
        july,
    ]


def test_the_energy_of_these_panels_never_changes() -> None:
    received = [
        read_meter(seeded("demo"), SOLAR, month_of(number), flow="reverse").total for number in (1, 7)
    ]
    assert received == [333997, 686497]


SOLAR = next(service for service in SERVICES if service.generation_kw)


def hours_of(readings: Readings) -> NDArray[np.int64]:
    """Returns the local hour in which each reading begins, (n,)."""
    return np.asarray((readings.starts + offsets(ZONE, readings.starts)) % 86_400 // 3600)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 300 * 86_400), st.integers(0, 30 * 86_400), st.text(max_size=5))
def test_energy_is_conserved_in_every_interval(skip: int, length: int, seed: str) -> None:
    start = START + timedelta(seconds=skip)
    span = Span(start=start, end=start + timedelta(seconds=length))
    forward, reverse, net = (read_meter(seeded(seed), SOLAR, span, flow=flow) for flow in FLOWS)
    assert (forward.starts == net.starts).all()
    assert (net.values == forward.values - reverse.values).all()
    assert (forward.values * reverse.values == 0).all()
    assert (forward.values >= 0).all()
    assert (reverse.values >= 0).all()


def test_panels_produce_nothing_at_night_and_more_in_summer() -> None:
    received = read_meter(seeded("s"), SOLAR, YEAR, flow="reverse")
    by_hour = [int(received.values[hours_of(received) == hour].sum()) for hour in range(24)]
    assert sum(by_hour[:4]) == sum(by_hour[22:]) == 0
    assert max(by_hour) in by_hour[11:15]
    days = received.values.reshape(365, -1).sum(axis=1)
    assert days[150:210].sum() > 1.5 * days[:60].sum()


def test_a_meter_without_panels_receives_nothing() -> None:
    service = kinds()[0]
    forward, reverse, net = (read_meter(seeded("s"), service, YEAR, flow=flow) for flow in FLOWS)
    assert (forward.values == net.values).all()
    assert not reverse.values.any()


def typical(profile: str, *, months: tuple[int, ...], days: tuple[int, ...]) -> list[float]:
    """Returns mean usage by local hour on those weekdays of those months, relative to the mean of the year."""
    [service] = [item for item in kinds() if item.profile == profile]
    readings = read_meter(seeded("s"), service, YEAR)
    local = readings.starts + offsets(ZONE, readings.starts)
    day = local // 86_400
    dates = [date(1970, 1, 1) + timedelta(days=int(number)) for number in np.unique(day)]
    included = [
        (item - date(1970, 1, 1)).days for item in dates if item.month in months and item.weekday() in days
    ]
    hour, mask = local % 86_400 // 3600, np.isin(day, included)
    return [
        float(readings.values[mask & (hour == number)].mean() / readings.values.mean())
        for number in range(24)
    ]


WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
WINTER, SUMMER = (1, 2, 12), (6, 7, 8)


def test_a_household_peaks_in_the_evening_and_uses_cooling_in_summer() -> None:
    winter, summer = (typical("home-electric", months=months, days=WORKDAYS) for months in (WINTER, SUMMER))
    assert max(winter) in winter[17:21]
    assert winter[7] > winter[4] * 1.4
    assert sum(summer) > 1.2 * sum(winter)
    assert summer[16] > 1.2 * winter[16]


def test_heating_follows_the_cold() -> None:
    winter, summer = (typical("home-gas", months=months, days=WORKDAYS) for months in (WINTER, SUMMER))
    assert sum(winter) > 5 * sum(summer)


def test_a_store_has_business_hours() -> None:
    workday, weekend = (typical("store-electric", months=WINTER, days=days) for days in (WORKDAYS, WEEKEND))
    assert min(workday[10:16]) > 3 * max(workday[:5])
    assert sum(workday) > 1.4 * sum(weekend)


def test_lighting_is_on_when_it_is_dark() -> None:
    winter, summer = (typical("lighting", months=months, days=WORKDAYS) for months in (WINTER, SUMMER))
    assert winter[12] == summer[12] == 0
    assert winter[18] > 1
    assert summer[18] < 0.1
    assert min(winter[0], summer[0]) > 1


def test_cold_storage_hardly_depends_on_the_hour() -> None:
    summer = typical("cold-storage", months=SUMMER, days=WORKDAYS)
    assert max(summer) < 1.35 * min(summer)


def test_a_holiday_is_like_a_sunday() -> None:
    [service] = [item for item in kinds() if item.profile == "store-electric"]
    noon = {}
    for day in (date(2025, 12, 24), date(2025, 12, 25)):
        start = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        noon[day] = read_meter(seeded("s"), service, Span(start=start, end=start + timedelta(hours=4))).total
    assert noon[date(2025, 12, 24)] > 1.4 * noon[date(2025, 12, 25)]


def test_meters_of_a_place_share_the_weather() -> None:
    """Two services that heat with gas use most on the same winter days."""
    home, business = (
        next(item for item in kinds() if item.profile == name) for name in ("home-gas", "business-gas")
    )
    winter = Span(start=START, end=START + timedelta(days=59))
    by_day = [
        read_meter(seeded("s"), item, winter).values.reshape(59, -1).sum(axis=1) for item in (home, business)
    ]
    assert np.corrcoef(*by_day)[0, 1] > 0.6
