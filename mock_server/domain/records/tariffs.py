"""Tariffs and their prices."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

ServiceKind: TypeAlias = Literal["electric", "gas", "water"]
BillUnit: TypeAlias = Literal["kwh", "therms", "gal"]
WindowDays: TypeAlias = Literal["all", "workdays", "offdays"]


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A price in dollars per unit for usage up to a volume per billing period; None is unlimited."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """A time-of-use price in dollars per unit: in these months, on these days, from hour to hour of local time.

    The first matching window of a price applies; the last window always matches.
    """

    name: str
    price: Decimal
    months: tuple[int, ...] = tuple(range(1, 13))
    days: WindowDays = "all"
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True, kw_only=True)
class TariffPrice:
    """Prices in effect from a local date. Energy is charged by windows if there are any, otherwise by tiers.

    In dollars: `fixed_charge` per billing period, `demand_price` per kW of the highest 15-minute interval,
    `credit_price` per unit received from the customer.
    """

    effective: date
    fixed_charge: Decimal
    tiers: tuple[Tier, ...]
    windows: tuple[Window, ...] = ()
    demand_price: Decimal | None = None
    credit_price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Tax:
    """A tax on all other lines of a bill; `rate` is a fraction."""

    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """A tariff. Bills count in `unit`. `prices` are in ascending order of time."""

    id: str
    name: str
    kind: ServiceKind
    unit: BillUnit
    taxes: tuple[Tax, ...]
    prices: tuple[TariffPrice, ...]
