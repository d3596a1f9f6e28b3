"""Readings and bills across clock changes, leap days, the end of a year, time zones and read days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.billing.bills import list_bills
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Flow, Service
from mock_server.domain.time.periods import Span, local_midnight
from mock_server.domain.usage.readings import INTERVAL_SECONDS, Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

FIXTURES = load_fixtures(bundled_folder())
TARIFFS = {tariff.id: tariff for tariff in FIXTURES.tariffs}
SERVICES = [service for customer in FIXTURES.customers for _, service in customer.services()]
FLOWS: tuple[Flow, ...] = ("forward", "reverse", "net")
NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2024, 1, 1, tzinfo=UTC)


def territory(zone: ZoneInfo = NEW_YORK) -> Territory:
    return Territory(random=Randomness("s"), climate=FIXTURES.utility.climate, zone=zone)


def day_of(year: int, month: int, day: int) -> Span:
    first = date(year, month, day)
    return Span(
        start=local_midnight(first, NEW_YORK), end=local_midnight(first + timedelta(days=1), NEW_YORK)
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ((2026, 3, 8), 23),
        ((2026, 11, 1), 25),
        ((2024, 2, 29), 24),
        ((2025, 12, 31), 24),
        ((2026, 1, 1), 24),
    ],
)
def test_a_local_day_has_all_its_intervals_with_the_same_values_alone_and_in_a_longer_span(
    day: tuple[int, int, int], hours: int
) -> None:
    span = day_of(*day)
    around = Span(start=span.start - timedelta(days=1), end=span.end + timedelta(days=1))
    for service in [item for item in SERVICES if item.id.startswith(("111", "112", "113", "331", "551"))]:
        alone = read_meter(territory(), service, span)
        assert len(alone.starts) == hours * 3600 // INTERVAL_SECONDS[service.kind]
        assert (read_meter(territory(), service, around).within(span).values == alone.values).all()


@settings(max_examples=60, deadline=None)
@given(
    service=st.sampled_from(SERVICES),
    flow=st.sampled_from(FLOWS),
    start=st.integers(0, 3 * 365 * 96),
    lengths=st.lists(st.integers(0, 20 * 96), min_size=1, max_size=5),
    known_after_days=st.none() | st.integers(0, 60),
)
def test_adjacent_pieces_add_up_to_the_complete(
    service: Service, flow: Flow, start: int, lengths: list[int], known_after_days: int | None
) -> None:
    """Pieces meet at the borders of intervals; `as_of` is the same for all of them."""
    interval = timedelta(seconds=INTERVAL_SECONDS[service.kind])
    borders = [START + start * interval]
    for length in lengths:
        borders.append(borders[-1] + length * interval)
    as_of = None if known_after_days is None else borders[0] + timedelta(days=known_after_days)

    def read(start: datetime, end: datetime) -> np.ndarray:
        readings = read_meter(territory(), service, Span(start=start, end=end), flow=flow, as_of=as_of)
        return np.array([readings.starts, readings.values, readings.qualities])

    pieces = [read(begin, end) for begin, end in pairwise(borders)]
    assert (np.concatenate(pieces, axis=1) == read(borders[0], borders[-1])).all()


def test_february_of_a_leap_year_has_29_days_and_december_ends_with_the_year() -> None:
    service = SERVICES[0]
    bills = list_bills(
        territory(),
        service,
        TARIFFS[service.tariff],
        start=datetime(2023, 12, 1, 5, tzinfo=UTC),
        now=datetime(2024, 4, 1, tzinfo=UTC),
        read_day=1,
    )
    hours = [bill.period.seconds / 3600 for bill in bills]
    assert hours == [31 * 24, 31 * 24, 29 * 24], "December, January, February; March is not issued yet"
    assert bills[0].period.end == datetime(2024, 1, 1, 5, tzinfo=UTC)
    leap = read_meter(territory(), service, day_of(2024, 2, 29)).total
    without = read_meter(
        territory(), service, Span(start=bills[2].period.start, end=day_of(2024, 2, 29).start)
    )
    assert bills[2].usage == without.total + leap


@pytest.mark.parametrize("name", ["America/New_York", "America/Phoenix", "Europe/Berlin", "Asia/Kolkata"])
@pytest.mark.parametrize("read_day", [1, 17, 28])
def test_bills_are_adjacent_and_add_up_in_any_zone_and_on_any_read_day(name: str, read_day: int) -> None:
    """The year has both clock changes. Midnight in Kolkata is on a half hour of UTC."""
    here = territory(ZoneInfo(name))
    service = next(item for item in SERVICES if item.kind == "electric")
    start, now = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)
    bills = list_bills(here, service, TARIFFS[service.tariff], start=start, now=now, read_day=read_day)
    assert len(bills) >= 11
    assert all(bill.period.end == following.period.start for bill, following in pairwise(bills))
    complete = Span(start=bills[0].period.start, end=bills[-1].period.end)
    assert sum(bill.usage for bill in bills) == read_meter(here, service, complete).total
    assert all(bill.total == sum(item.cost for item in bill.line_items) for bill in bills)
