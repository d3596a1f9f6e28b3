"""Power and power quality of electric meters, derived from energy readings and the seed."""

import math
from dataclasses import dataclass

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Service
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import np
from mock_server.domain.usage.readings import Readings

_VOLTS = 120
_HERTZ = 60
_MICRO = 1_000_000


def power_factor(random: Randomness, service: Service) -> float:
    """Returns real power divided by apparent power, from 0.90 to 0.99; constant for a meter."""
    return 0.90 + random.stream("power factor", service.meter_serial).integer(10) / 100


def mean_power(energy: Readings) -> Readings:
    """Converts readings in Wh to the mean real power of each interval in W, (n,)."""
    return _scaled_power(energy, 1.0)


def apparent_power(energy: Readings, factor: float) -> Readings:
    """Converts readings in Wh to the mean apparent power of each interval in VA, (n,)."""
    return _scaled_power(energy, 1.0 / factor)


def reactive_power(energy: Readings, factor: float) -> Readings:
    """Converts readings in Wh to the mean reactive power of each interval in var, (n,)."""
    return _scaled_power(energy, math.sqrt(1.0 - factor**2) / factor)


def _scaled_power(energy: Readings, multiplier: float) -> Readings:
    watts = energy.values * 3600 // energy.interval_seconds
    values = np.floor(watts * multiplier + 0.5).astype(np.int64)
    return Readings(energy.starts, values, energy.qualities, energy.interval_seconds)


@dataclass(frozen=True, kw_only=True)
class PowerQuality:
    """The quality of supply in a period (ESPI 4.0 ElectricPowerQualitySummary).

    Flicker is in hundredths, voltages in microvolts, the frequency in microhertz; all else are counts of events.
    """

    flicker_long: int
    flicker_short: int
    harmonic_voltage: int
    long_interruptions: int
    voltage: int
    frequency: int
    rapid_changes: int
    short_interruptions: int
    dips: int
    imbalances: int
    variations: int
    overvoltages: int


def power_quality(random: Randomness, service: Service, period: Span) -> PowerQuality:
    """Returns the power quality of a meter in a period: plausible values drawn from the seed."""

    def draw(measure: str, below: int) -> int:
        name = ("power quality", service.meter_serial, period.start.date(), measure)
        return random.stream(*name).integer(below)

    def rare_events(measure: str, limit: int) -> int:
        """Returns a count below `limit`, which is 0 in more than half of all draws."""
        return max(0, draw(measure, 2 * limit) - limit)

    return PowerQuality(
        flicker_long=40 + draw("long flicker", 40),
        flicker_short=45 + draw("short flicker", 50),
        harmonic_voltage=_VOLTS * _MICRO * (10 + draw("harmonics", 30)) // 1000,
        long_interruptions=rare_events("long interruptions", 2),
        voltage=_VOLTS * _MICRO + draw("voltage", 4 * _MICRO) - 2 * _MICRO,
        frequency=_HERTZ * _MICRO + draw("frequency", 40_000) - 20_000,
        rapid_changes=draw("rapid changes", 6),
        short_interruptions=rare_events("short interruptions", 4),
        dips=rare_events("dips", 8),
        imbalances=rare_events("imbalances", 3),
        variations=rare_events("variations", 4),
        overvoltages=rare_events("overvoltages", 2),
    )
