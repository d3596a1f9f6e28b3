"""Computes the cost of each reading. The costs of a period add up to the unrounded energy lines of its bill.

Costs are integers in fractions of a dollar (see `PARTS`). Each is the difference of two rounded running totals, so
rounding errors do not accumulate.
"""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_server.domain.billing.tariffs import price_segments, tier_limit, window_indexes
from mock_server.domain.records import Flow, Service, Tariff, TariffPrice
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import Ints, np
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Readings

PARTS = 100_000
"""The number of cost units in a dollar."""
_FINE = 1_000  # finer units, because prices have up to eight decimals
_NO_LIMIT = 2**62


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The prices of n readings, all (n,) int64.

    Costs are in 1 / `PARTS` of a dollar. Tiers (the one in which a reading begins) and windows count from 1; 0 means
    that the tariff has none.
    """

    costs: Ints
    tiers: Ints
    windows: Ints

    @classmethod
    def free(cls, count: int) -> "Priced":
        """Returns the prices of `count` readings that cost nothing and have no tier or window."""
        return cls(
            costs=np.zeros(count, np.int64),
            tiers=np.zeros(count, np.int64),
            windows=np.zeros(count, np.int64),
        )

    def __getitem__(self, part: slice) -> "Priced":
        """Returns the prices of some readings, as a slice of arrays."""
        return Priced(costs=self.costs[part], tiers=self.tiers[part], windows=self.windows[part])


def price_readings(
    service: Service,
    tariff: Tariff,
    zone: ZoneInfo,
    period: Span,
    *,
    flow: Flow,
    delivered: Readings,
    received: Readings,
) -> Priced:
    """Returns the costs of the readings of a billing period. The readings must begin with the period, as tiers do.

    `forward` is the cost of delivered energy, `reverse` the credit for received energy (negative), `net` the sum.
    """
    priced = Priced.free(len(delivered.starts))
    units = UNITS_PER_BILL_UNIT[service.kind]
    for price, span in price_segments(tariff, zone, period):
        first, last = np.searchsorted(
            delivered.starts, [round(span.start.timestamp()), round(span.end.timestamp())]
        ).tolist()
        part = slice(first, last)
        if flow != "reverse":
            share = Decimal(span.seconds) / Decimal(period.seconds)
            _charge(priced, part, price, zone, delivered[part], units, share)
        if flow != "forward":
            credit = _fine(price.credit_price or Decimal())
            priced.costs[part] -= _rounded_steps(np.cumsum(received.values[part]) * credit, units)
    return priced


def _charge(
    priced: Priced,
    part: slice,
    price: TariffPrice,
    zone: ZoneInfo,
    delivered: Readings,
    units: int,
    share: Decimal,
) -> None:
    """Writes the costs of one price segment of the period into `priced`."""
    if price.windows:
        indexes = window_indexes(price, zone, delivered.starts)
        prices = np.array([_fine(window.price) for window in price.windows], np.int64)
        priced.windows[part] = indexes + 1
        priced.costs[part] = _rounded_steps(np.cumsum(delivered.values * prices[indexes]), units)
        return
    total = np.cumsum(delivered.values)
    fine, below = np.zeros_like(total), 0
    for tier in price.tiers:
        limit = tier_limit(tier, units, share)
        above = _NO_LIMIT if limit is None else max(limit, below)
        fine += (np.clip(total, below, above) - below) * _fine(tier.price)
        if len(price.tiers) > 1:
            priced.tiers[part] += (total - delivered.values >= below).astype(np.int64) if below else 1
        below = above
    priced.costs[part] = _rounded_steps(fine, units)


def _fine(price: Decimal) -> int:
    """Converts dollars to the finer units of running totals."""
    return int(price * PARTS * _FINE)


def _rounded_steps(fine: Ints, units: int) -> Ints:
    """Returns the differences of running totals (n,) that are rounded half up to cost units, (n,)."""
    divisor = units * _FINE
    return np.asarray(np.diff((fine + divisor // 2) // divisor, prepend=0))
