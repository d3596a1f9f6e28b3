"""What services cost: tariffs and their prices."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

ServiceKind: TypeAlias = Literal["electric", "gas", "water"]


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A price per unit in dollars for use up to a volume per billing period; None is without limit."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """A price per unit in dollars at some times: in these months, on these days, from hour to hour.

    Of several windows the first that fits counts; the last one fits always.
    """

    name: str
    price: Decimal
    months: tuple[int, ...] = tuple(range(1, 13))
    days: Literal["all", "workdays", "offdays"] = "all"
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True, kw_only=True)
class TariffPrice:
    """Prices from a local date on. Energy is charged by tiers, or by windows where there are any.

    `fixed_charge` is in dollars per billing period, `demand_price` per kW of the highest quarter of an hour,
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
    """A share of everything else on the bill."""

    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """What a service costs. `unit` is what bills count in: kwh, therms or gal. `prices` ascend in time."""

    id: str
    name: str
    kind: ServiceKind
    unit: Literal["kwh", "therms", "gal"]
    taxes: tuple[Tax, ...]
    prices: tuple[TariffPrice, ...]
