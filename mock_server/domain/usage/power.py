"""What meters of electricity measure beside energy: real, apparent and reactive power, and the quality of supply."""

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
    """Real power by apparent power, 0.90 to 0.99: what is behind a meter decides it, for good."""
    return 0.90 + random.stream("power factor", service.meter_serial).integer(10) / 100


def mean_power(energy: Readings) -> Readings:
    """Readings of watt-hours as the mean real power of each interval, in watts."""
    return _with_values(energy, 1.0)


def apparent_power(energy: Readings, factor: float) -> Readings:
    """The same in volt-amperes."""
    return _with_values(energy, 1.0 / factor)


def reactive_power(energy: Readings, factor: float) -> Readings:
    """The same in volt-amperes reactive."""
    return _with_values(energy, math.sqrt(1.0 - factor**2) / factor)


def _with_values(energy: Readings, times: float) -> Readings:
    watts = energy.values * 3600 // energy.interval_seconds
    values = np.floor(watts * times + 0.5).astype(np.int64)
    return Readings(energy.starts, values, energy.qualities, energy.interval_seconds)


@dataclass(frozen=True, kw_only=True)
class PowerQuality:
    """How good the supply was: flicker in hundredths, voltages in microvolts, a frequency in microhertz, counts."""

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
    """Made up for a meter and a period, and as seldom bad as in a usual year."""

    def draw(measure: str, below: int) -> int:
        name = ("power quality", service.meter_serial, period.start.date(), measure)
        return random.stream(*name).integer(below)

    def seldom(measure: str, times: int) -> int:
        """Most often none."""
        return max(0, draw(measure, 2 * times) - times)

    return PowerQuality(
        flicker_long=40 + draw("long flicker", 40),
        flicker_short=45 + draw("short flicker", 50),
        harmonic_voltage=_VOLTS * _MICRO * (10 + draw("harmonics", 30)) // 1000,
        long_interruptions=seldom("long interruptions", 2),
        voltage=_VOLTS * _MICRO + draw("voltage", 4 * _MICRO) - 2 * _MICRO,
        frequency=_HERTZ * _MICRO + draw("frequency", 40_000) - 20_000,
        rapid_changes=draw("rapid changes", 6),
        short_interruptions=seldom("short interruptions", 4),
        dips=seldom("dips", 8),
        imbalances=seldom("imbalances", 3),
        variations=seldom("variations", 4),
        overvoltages=seldom("overvoltages", 2),
    )
