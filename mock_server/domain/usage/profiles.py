"""Usage profiles: how usage depends on the hour, the day of the week and the weather. Data only.

Shapes are relative usage by local hour. `base`, `heating` and `cooling` are the shares of a year's usage that follow
the shape, the cold below a temperature and the heat above one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Hours = tuple[float, ...]

_FLAT: Final[Hours] = (1.0,) * 24


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A usage profile.

    Spreads are the largest random deviations of a day, an hour and an interval, as fractions of the expected usage.
    `idle` is the probability, by local hour, that an interval has no usage. With `lit`, usage follows darkness alone.
    Temperatures are in degrees Fahrenheit.
    """

    workday: Hours = _FLAT
    offday: Hours = _FLAT
    base: float = 1.0
    heating: float = 0.0
    cooling: float = 0.0
    heats_below_f: float = 60.0
    cools_above_f: float = 66.0
    lit: bool = False
    idle: Hours | None = None
    day_spread: float = 0.1
    hour_spread: float = 0.2
    interval_spread: float = 0.1


_HOME = (5, 4, 4, 4, 4, 5, 8, 11, 9, 7, 6, 6, 7, 6, 6, 7, 10, 14, 16, 16, 15, 13, 10, 7)
_HOME_OFF = (6, 5, 4, 4, 4, 5, 6, 8, 10, 12, 12, 12, 12, 11, 11, 11, 12, 14, 16, 16, 15, 13, 10, 8)
_SHOP = (3, 3, 3, 3, 3, 3, 4, 7, 12, 15, 16, 16, 16, 16, 16, 16, 15, 13, 11, 9, 6, 4, 3, 3)
_SHOP_OFF = (3, 3, 3, 3, 3, 3, 3, 3, 4, 6, 8, 9, 9, 9, 9, 8, 6, 4, 3, 3, 3, 3, 3, 3)
_WATER = (1, 1, 1, 1, 1, 5, 14, 18, 11, 6, 5, 5, 6, 5, 4, 4, 7, 11, 13, 10, 8, 7, 4, 2)
_WATER_IDLE = (
    *(0.9, 0.92, 0.95, 0.95, 0.95, 0.6, 0.1, 0.05, 0.1, 0.3, 0.4, 0.4),
    *(0.3, 0.4, 0.4, 0.4, 0.3, 0.1, 0.05, 0.1, 0.15, 0.2, 0.5, 0.8),
)

PROFILES: Final[Mapping[str, Profile]] = {
    "home-electric": Profile(
        workday=_HOME,
        offday=_HOME_OFF,
        base=0.66,
        heating=0.09,
        cooling=0.25,
        hour_spread=0.35,
        interval_spread=0.3,
    ),
    "home-gas": Profile(
        workday=(6, 5, 5, 5, 6, 9, 16, 17, 10, 6, 5, 5, 6, 5, 5, 6, 9, 13, 15, 13, 11, 10, 9, 7),
        offday=(6, 5, 5, 5, 5, 6, 9, 13, 15, 13, 10, 9, 9, 8, 8, 8, 9, 13, 15, 13, 11, 10, 9, 7),
        base=0.22,
        heating=0.78,
        hour_spread=0.25,
        interval_spread=0.1,
    ),
    "home-water": Profile(
        workday=_WATER,
        offday=_WATER,
        base=0.8,
        cooling=0.2,
        idle=_WATER_IDLE,
        hour_spread=0.4,
        interval_spread=0.2,
    ),
    "store-electric": Profile(
        workday=_SHOP,
        offday=_SHOP_OFF,
        base=0.78,
        heating=0.04,
        cooling=0.18,
        day_spread=0.05,
        hour_spread=0.06,
    ),
    "cold-storage": Profile(
        base=0.92, cooling=0.08, cools_above_f=50.0, day_spread=0.03, hour_spread=0.04, interval_spread=0.25
    ),
    "lighting": Profile(lit=True, day_spread=0.0, hour_spread=0.0, interval_spread=0.01),
    "business-gas": Profile(
        workday=_SHOP,
        offday=_SHOP_OFF,
        base=0.3,
        heating=0.7,
        day_spread=0.06,
        hour_spread=0.1,
        interval_spread=0.05,
    ),
    "business-water": Profile(
        workday=_SHOP,
        offday=_SHOP_OFF,
        base=0.9,
        cooling=0.1,
        day_spread=0.1,
        hour_spread=0.25,
        interval_spread=0.1,
    ),
}
