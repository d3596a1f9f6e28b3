"""Simulates the weather that all meters of a place share, as a pure function of seed and time.

It uses only basic float64 arithmetic and table look-ups, so that results are identical to the last bit everywhere.
"""

from dataclasses import dataclass
from functools import lru_cache

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Climate
from mock_server.domain.usage.arrays import Floats, Ints, np

DAY = 86_400
# The daily course of temperature from -0.5 to 0.5, by hour of standard time.
DIURNAL = (
    -0.30, -0.35, -0.40, -0.44, -0.48, -0.50, -0.45, -0.32, -0.15, 0.03, 0.20, 0.34,
    0.44, 0.49, 0.50, 0.48, 0.41, 0.30, 0.18, 0.06, -0.04, -0.12, -0.19, -0.25,
)  # fmt: skip
# A day's deviation from the usual mean is a weighted mean over five days, so that weather changes slowly.
_SMOOTHING = (1, 2, 3, 2, 1)
_SPREAD_F = 46.0  # degrees Fahrenheit


@dataclass(frozen=True)
class Weather:
    """The weather of n intervals, all (n,): temperature in degrees Fahrenheit, daylight and sun from 0 to 1."""

    temperature: Floats
    daylight: Floats
    sun: Floats


def weather_over(
    random: Randomness, climate: Climate, starts: Ints, *, length: int, standard: int
) -> Weather:
    """Returns the weather in intervals of `length` seconds that start at ascending epoch seconds (n,).

    `standard` is local standard time minus UTC, in seconds.
    """
    local = starts + standard
    day, second = np.divmod(local, DAY)
    position = _month_position(day)
    hour = (second + length / 2) / 3600
    hour_index = second // 3600
    mean, swing = _by_month(climate.mean_f, position), _by_month(climate.daily_range_f, position)
    temperature = mean + swing * np.array(DIURNAL)[hour_index] + _anomaly(random, day, hour)
    sunrise, sunset = _by_month(climate.sunrise, position), _by_month(climate.sunset, position)
    begin, end = hour - length / 7200, hour + length / 7200
    lit = np.clip((np.minimum(end, sunset) - np.maximum(begin, sunrise)) / (length / 3600), 0.0, 1.0)
    share = np.clip((hour - sunrise) / (sunset - sunrise), 0.0, 1.0)
    bell = 4.0 * share * (1.0 - share)
    strength = bell * np.sqrt(bell) * ((sunset - sunrise) / 15.0)
    return Weather(temperature, lit, strength * _clearness(random, day))


def normals(climate: Climate) -> tuple[Floats, Floats]:
    """Returns the usual temperature (degrees Fahrenheit) and daylight (0 to 1) by month and hour, (12, 24) each."""
    month = np.arange(12)
    mean, swing = np.array(climate.mean_f)[month], np.array(climate.daily_range_f)[month]
    temperature = mean[:, None] + swing[:, None] * np.array(DIURNAL)[None, :]
    hour = np.arange(24.0)[None, :]
    sunrise, sunset = np.array(climate.sunrise)[month][:, None], np.array(climate.sunset)[month][:, None]
    lit = np.clip(np.minimum(hour + 1, sunset) - np.maximum(hour, sunrise), 0.0, 1.0)
    return temperature, lit


def _month_position(day: Ints) -> Floats:
    """Returns the position of days in the year, (n,) from 0 to below 12; a year is 365.25 days."""
    return np.asarray((day * 4 % 1461) / (1461 / 12), dtype=np.float64)


def _by_month(values: tuple[float, ...], position: Floats) -> Floats:
    """Interpolates mid-month values linearly, (n,)."""
    table = np.array([*values, values[0]])
    shifted = position - 0.5
    lower = np.floor(shifted)
    month = lower.astype(np.int64) % 12
    return np.asarray(table[month] + (table[month + 1] - table[month]) * (shifted - lower))


def _draws(random: Randomness, name: str, first: int, last: int) -> Floats:
    """Returns a random number from 0 to 1 for each day from `first` to `last`, (last - first + 1,)."""
    raw = b"".join(_draw(random, name, day) for day in range(first, last + 1))
    return np.asarray(np.frombuffer(raw, dtype="<u2") / 65_536)


@lru_cache(maxsize=8000)  # all meters of a place share the weather
def _draw(random: Randomness, name: str, day: int) -> bytes:
    return random.stream(name, day).bytes(2)


def _anomaly(random: Randomness, day: Ints, hour: Floats) -> Floats:
    """Returns how much warmer than usual it is (degrees Fahrenheit), (n,), interpolated between noons."""
    first, last = int(day[0]) - 1, int(day[-1]) + 1
    drawn = _draws(random, "weather", first - 2, last + 2)
    count = last - first + 1
    weighted = sum(weight * drawn[index : index + count] for index, weight in enumerate(_SMOOTHING))
    noons = (np.asarray(weighted / sum(_SMOOTHING)) - 0.5) * _SPREAD_F
    before = day - first - (hour < 12)
    share = (hour + 12) / 24
    share = share - np.floor(share)
    return np.asarray(noons[before] + (noons[before + 1] - noons[before]) * share)


def _clearness(random: Randomness, day: Ints) -> Floats:
    """Returns the fraction of sunlight that passes the clouds on each day, (n,)."""
    drawn = _draws(random, "clouds", int(day[0]), int(day[-1]))
    clear = 1.0 - 0.85 * drawn * drawn
    return np.asarray(clear[day - day[0]])
