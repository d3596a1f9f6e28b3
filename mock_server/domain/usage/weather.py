"""A synthetic sky that all meters of a place share: temperature, daylight, clouds. Pure in seed and instant.

Only additions, multiplications and table look-ups on float64, one operation at a time: the same to the last bit
on every machine.
"""

from dataclasses import dataclass
from functools import lru_cache

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Climate
from mock_server.domain.usage.arrays import Floats, Ints, np

DAY = 86_400
# Warmest in mid-afternoon, coldest before dawn; from -0.5 to 0.5, by hour of standard time.
DIURNAL = (
    -0.30, -0.35, -0.40, -0.44, -0.48, -0.50, -0.45, -0.32, -0.15, 0.03, 0.20, 0.34,
    0.44, 0.49, 0.50, 0.48, 0.41, 0.30, 0.18, 0.06, -0.04, -0.12, -0.19, -0.25,
)  # fmt: skip
# How a day's mean departs from the month's: weights of five days' draws, so that spells of weather last.
_SPELL = (1, 2, 3, 2, 1)
_SPREAD_F = 46.0


@dataclass(frozen=True)
class Weather:
    """The sky over consecutive hours or parts of hours: Fahrenheit, daylight 0 to 1, sun's strength 0 to 1."""

    temperature: Floats
    daylight: Floats
    sun: Floats


def weather_over(
    random: Randomness, climate: Climate, starts: Ints, *, length: int, standard: int
) -> Weather:
    """The sky in intervals of `length` seconds from ascending epoch seconds; `standard` is local minus UTC."""
    local = starts + standard
    day, second = np.divmod(local, DAY)
    position = _month_position(day)
    hour = (second + length / 2) / 3600
    whole = second // 3600
    mean, swing = _by_month(climate.mean_f, position), _by_month(climate.daily_range_f, position)
    temperature = mean + swing * np.array(DIURNAL)[whole] + _anomaly(random, day, hour)
    rise, fall = _by_month(climate.sunrise, position), _by_month(climate.sunset, position)
    begin, end = hour - length / 7200, hour + length / 7200
    lit = np.clip((np.minimum(end, fall) - np.maximum(begin, rise)) / (length / 3600), 0.0, 1.0)
    share = np.clip((hour - rise) / (fall - rise), 0.0, 1.0)
    bell = 4.0 * share * (1.0 - share)
    strength = bell * np.sqrt(bell) * ((fall - rise) / 15.0)
    return Weather(temperature, lit, strength * _clearness(random, day))


def normals(climate: Climate) -> tuple[Floats, Floats]:
    """Usual temperatures and daylight by month and hour, (12, 24) each, without any day's departure."""
    month = np.arange(12)
    mean, swing = np.array(climate.mean_f)[month], np.array(climate.daily_range_f)[month]
    temperature = mean[:, None] + swing[:, None] * np.array(DIURNAL)[None, :]
    hour = np.arange(24.0)[None, :]
    rise, fall = np.array(climate.sunrise)[month][:, None], np.array(climate.sunset)[month][:, None]
    lit = np.clip(np.minimum(hour + 1, fall) - np.maximum(hour, rise), 0.0, 1.0)
    return temperature, lit


def _month_position(day: Ints) -> Floats:
    """Where in the year a day lies, from 0 up to 12; years count 365.25 days from 1970."""
    return np.asarray((day * 4 % 1461) / (1461 / 12), dtype=np.float64)


def _by_month(values: tuple[float, ...], position: Floats) -> Floats:
    """Mid-month values, straight lines between them."""
    table = np.array([*values, values[0]])
    shifted = position - 0.5
    lower = np.floor(shifted)
    place = lower.astype(np.int64) % 12
    return np.asarray(table[place] + (table[place + 1] - table[place]) * (shifted - lower))


def _draws(random: Randomness, name: str, first: int, last: int) -> Floats:
    """One number from 0 to 1 for each day from `first` to `last`."""
    raw = b"".join(_draw(random, name, day) for day in range(first, last + 1))
    return np.asarray(np.frombuffer(raw, dtype="<u2") / 65_536)


@lru_cache(maxsize=8000)  # all meters of a place have one weather
def _draw(random: Randomness, name: str, day: int) -> bytes:
    return random.stream(name, day).bytes(2)


def _anomaly(random: Randomness, day: Ints, hour: Floats) -> Floats:
    """How much warmer it is than usual: a value at each day's noon, straight lines between."""
    first, last = int(day[0]) - 1, int(day[-1]) + 1
    drawn = _draws(random, "weather", first - 2, last + 2)
    count = last - first + 1
    spells = sum(weight * drawn[place : place + count] for place, weight in enumerate(_SPELL)) / sum(_SPELL)
    noons = (np.asarray(spells) - 0.5) * _SPREAD_F
    before = day - first - (hour < 12)
    share = (hour + 12) / 24
    share = share - np.floor(share)
    return np.asarray(noons[before] + (noons[before + 1] - noons[before]) * share)


def _clearness(random: Randomness, day: Ints) -> Floats:
    """What clouds leave of the sun, by day: mostly a lot, sometimes little."""
    drawn = _draws(random, "clouds", int(day[0]), int(day[-1]))
    clear = 1.0 - 0.85 * drawn * drawn
    return np.asarray(clear[day - day[0]])
