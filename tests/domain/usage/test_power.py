"""Power and power quality: consistent and reproducible."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from mock_server.domain.randomness import Randomness
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.power import (
    apparent_power,
    mean_power,
    power_factor,
    power_quality,
    reactive_power,
)
from mock_server.domain.usage.readings import Readings
from mock_server.fixtures import bundled_folder, load_fixtures

SERVICES = [
    service
    for customer in load_fixtures(bundled_folder()).customers[:6]
    for _, service in customer.services()
    if service.kind == "electric"
]
JANUARY = Span(start=datetime(2026, 1, 1, 5, tzinfo=UTC), end=datetime(2026, 2, 1, 5, tzinfo=UTC))


def energy(*values: int) -> Readings:
    starts = np.arange(len(values), dtype=np.int64) * 900
    return Readings(starts, np.array(values, np.int64), np.zeros(len(values), np.int64), 900)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_real_apparent_and_reactive_power_form_a_right_triangle(service) -> None:  # type: ignore[no-untyped-def]
    factor = power_factor(Randomness("demo"), service)
    assert 0.9 <= factor < 1.0
    read = energy(0, 1, 250, 10_000)
    real, apparent, reactive = (
        mean_power(read),
        apparent_power(read, factor),
        reactive_power(read, factor),
    )
    assert real.values.tolist() == [0, 4, 1000, 40_000]
    assert np.abs(np.hypot(real.values, reactive.values) - apparent.values).max() <= 1.0
    assert (apparent.values >= real.values).all()


def test_the_quality_is_reproducible_and_differs_between_services_and_periods() -> None:
    drawn = {str(power_quality(Randomness("demo"), service, JANUARY)) for service in SERVICES}
    assert len(drawn) == len(SERVICES)
    assert power_quality(Randomness("demo"), SERVICES[0], JANUARY) == power_quality(
        Randomness("demo"), SERVICES[0], JANUARY
    )
    later = Span(start=JANUARY.end, end=datetime(2026, 3, 1, 5, tzinfo=UTC))
    assert power_quality(Randomness("demo"), SERVICES[0], later) != power_quality(
        Randomness("demo"), SERVICES[0], JANUARY
    )


def test_the_quality_of_eleven_months_never_changes() -> None:
    """Expectations that users recorded must survive an upgrade."""
    starts = [datetime(2026, month, 1, 5, tzinfo=UTC) for month in range(1, 13)]
    months = [Span(start=start, end=end) for start, end in pairwise(starts)]
    drawn = [
        vars(power_quality(Randomness("demo"), service, month)) for service in SERVICES for month in months
    ]
    assert {name: sum(quality[name] for quality in drawn) for name in drawn[0]} == {
        "flicker_long": 4503,
        "flicker_short": 5303,
        "harmonic_voltage": 227_520_000,
        "long_interruptions": 22,
        "voltage": 9_242_629_553,
        "frequency": 4_620_057_433,
        "rapid_changes": 178,
        "short_interruptions": 54,
        "dips": 142,
        "imbalances": 48,
        "variations": 59,
        "overvoltages": 18,
    }


def test_the_quality_is_in_the_usual_range() -> None:
    for service in SERVICES:
        quality = power_quality(Randomness("demo"), service, JANUARY)
        assert abs(quality.voltage - 120_000_000) <= 6_000_000
        assert abs(quality.frequency - 60_000_000) <= 20_000
        assert 0 <= quality.long_interruptions <= 1
        assert min(vars(quality).values()) >= 0
