"""Readings are a pure function of seed, meter and instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.chance import Chance
from mock_server.core.periods import Span
from mock_server.core.records import Service
from mock_server.core.usage import INTERVAL_SECONDS, UNITS_PER_BILL_UNIT, read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

ZONE = ZoneInfo("America/New_York")
START = datetime(2025, 1, 1, tzinfo=UTC)
SERVICES = [
    service for customer in load_fixtures(bundled_folder()).customers for _, service in customer.services()
]
YEAR = Span(start=START, end=START + timedelta(days=365))


def kinds() -> list[Service]:
    """One service of each kind."""
    return list({service.kind: service for service in SERVICES}.values())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SERVICES),
    st.integers(0, 20 * 86_400),
    st.integers(0, 20 * 86_400),
    st.integers(0, 40 * 86_400),
)
def test_a_part_reads_as_it_does_in_the_whole(service: Service, skip: int, length: int, more: int) -> None:
    start = START + timedelta(seconds=skip)
    part = read_meter(Chance("s"), service, ZONE, Span(start=start, end=start + timedelta(seconds=length)))
    whole = read_meter(
        Chance("s"), service, ZONE, Span(start=START, end=start + timedelta(seconds=length + more))
    )
    found = dict(zip(whole.starts.tolist(), whole.values.tolist(), strict=True))
    assert [found[start] for start in part.starts.tolist()] == part.values.tolist()
    interval = INTERVAL_SECONDS[service.kind]
    assert all(start % interval == 0 for start in part.starts.tolist())
    if len(part.starts):
        assert part.starts[0] >= start.timestamp()
        assert part.starts[-1] + interval <= start.timestamp() + length
    else:
        assert length < 2 * interval


@pytest.mark.parametrize("service", kinds(), ids=lambda service: service.kind)
def test_a_year_has_every_interval_once_and_about_the_daily_usage(service: Service) -> None:
    found = read_meter(Chance("s"), service, ZONE, YEAR)
    assert (np.diff(found.starts) == INTERVAL_SECONDS[service.kind]).all()
    assert len(found.starts) == YEAR.seconds // INTERVAL_SECONDS[service.kind]
    assert found.values.min() >= 0
    per_day = found.total / 365 / UNITS_PER_BILL_UNIT[service.kind]
    assert per_day == pytest.approx(float(service.daily_usage), rel=0.1)


def test_seed_and_meter_decide_and_nothing_else() -> None:
    service = SERVICES[0]
    first = read_meter(Chance("one"), service, ZONE, YEAR).values
    assert (read_meter(Chance("one"), service, ZONE, YEAR).values == first).all()
    assert (read_meter(Chance("two"), service, ZONE, YEAR).values != first).any()
    other = replace(service, meter_serial="another")
    assert (read_meter(Chance("one"), other, ZONE, YEAR).values != first).any()
    renamed = replace(service, id="another", service_class="x")
    assert (read_meter(Chance("one"), renamed, ZONE, YEAR).values == first).all()


def test_these_readings_never_change() -> None:
    """A user's recorded expectations must survive an upgrade; whoever changes the model says so in CHANGELOG."""
    [service] = [one for one in SERVICES if one.id == "11100-00000"]
    found = read_meter(Chance("demo"), service, ZONE, Span(start=START, end=START + timedelta(hours=1)))
    assert found.values.tolist() == [365, 437, 574, 629]
