"""What each reading costs, so that a period's costs add up to the energy lines of its bill before these are rounded.

Costs are whole parts of a dollar (see `PARTS`): each is the difference of two rounded sums, so no rounding adds up.
"""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_server.domain.billing.tariffs import buckets, price_segments, tier_limit
from mock_server.domain.records import Flow, Service, Tariff, TariffPrice
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.arrays import Ints, np
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Readings

PARTS = 100_000
"""A cost of one dollar."""
_FINE = 1_000  # prices have up to eight decimals
_NO_LIMIT = 2**62


@dataclass(frozen=True, kw_only=True)
class Priced:
    """For each reading, (n,): its cost in parts of a dollar, the tier it began in (from 1), its price window (from 1).

    A tier or window of 0 says that the tariff has none.
    """

    costs: Ints
    tiers: Ints
    windows: Ints

    @classmethod
    def free(cls, count: int) -> "Priced":
        """So many readings that cost nothing, without tier or window."""
        return cls(
            costs=np.zeros(count, np.int64),
            tiers=np.zeros(count, np.int64),
            windows=np.zeros(count, np.int64),
        )

    def __getitem__(self, kept: slice) -> "Priced":
        """Some of them, as of arrays."""
        return Priced(costs=self.costs[kept], tiers=self.tiers[kept], windows=self.windows[kept])


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
    """What the readings of a billing period cost in a flow; they begin with the period, as its tiers do.

    `forward` costs what was delivered, `reverse` is the credit for what was received (negative), `net` is both.
    """
    found = Priced.free(len(delivered.starts))
    units = UNITS_PER_BILL_UNIT[service.kind]
    for price, span in price_segments(tariff, zone, period):
        first, last = np.searchsorted(
            delivered.starts, [round(span.start.timestamp()), round(span.end.timestamp())]
        ).tolist()
        part = slice(first, last)
        if flow != "reverse":
            share = Decimal(span.seconds) / Decimal(period.seconds)
            _charge(found, part, price, zone, delivered[part], units, share)
        if flow != "forward":
            credit = _fine(price.credit_price or Decimal())
            found.costs[part] -= _steps(np.cumsum(received.values[part]) * credit, units)
    return found


def _charge(
    found: Priced,
    part: slice,
    price: TariffPrice,
    zone: ZoneInfo,
    used: Readings,
    units: int,
    share: Decimal,
) -> None:
    """Write into `found` what was delivered in one segment of the period."""
    if price.windows:
        place = buckets(price, zone, used.starts)
        prices = np.array([_fine(window.price) for window in price.windows], np.int64)
        found.windows[part] = place + 1
        found.costs[part] = _steps(np.cumsum(used.values * prices[place]), units)
        return
    total = np.cumsum(used.values)
    fine, below = np.zeros_like(total), 0
    for tier in price.tiers:
        limit = tier_limit(tier, units, share)
        above = _NO_LIMIT if limit is None else max(limit, below)
        fine += (np.clip(total, below, above) - below) * _fine(tier.price)
        if len(price.tiers) > 1:
            found.tiers[part] += (total - used.values >= below).astype(np.int64) if below else 1
        below = above
    found.costs[part] = _steps(fine, units)


def _fine(price: Decimal) -> int:
    return int(price * PARTS * _FINE)


def _steps(fine: Ints, units: int) -> Ints:
    """The steps between running totals that were rounded half up."""
    whole = units * _FINE
    return np.asarray(np.diff((fine + whole // 2) // whole, prepend=0))
