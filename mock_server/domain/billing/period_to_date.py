"""The state of a billing period to date: cost, usage, the last two days, the highest demands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from mock_server.domain.billing.tariffs import Peak, charges, peak_of
from mock_server.domain.records import Service, Tariff
from mock_server.domain.time.periods import Span, billing_periods, local_days
from mock_server.domain.usage.readings import Territory
from mock_server.domain.usage.simulation import read_meter

_RATCHET_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A billing period up to `at`.

    `used` (in the period), `today` (its latest day) and `yesterday` are net usage in the meter's resolution. `cost` is
    the bill to date in dollars. `peak` is the highest demand of the period, `ratchet` that of the year in
    `ratchet_span`; None except for electricity.
    """

    at: datetime
    used: int
    today: int
    yesterday: int
    cost: Decimal
    peak: Peak | None
    ratchet: Peak | None
    ratchet_span: Span


def progress_of(
    territory: Territory, service: Service, tariff: Tariff, period: Span, *, until: datetime, as_of: datetime
) -> Progress:
    """Returns the state of a period at `until`, with the corrections known at `as_of`."""
    elapsed = Span(start=period.start, end=min(until, period.end))
    delivered = read_meter(territory, service, elapsed, flow="forward", as_of=as_of)
    received = read_meter(territory, service, elapsed, flow="reverse", as_of=as_of)
    days = list(local_days(territory.zone, Span(start=elapsed.end - timedelta(days=3), end=elapsed.end)))[-2:]
    lines = charges(service, tariff, territory.zone, period, delivered=delivered, received=received)
    peak = peak_of(delivered) if service.kind == "electric" else None
    ratchet_span, earlier_peaks = _ratchet_year(territory, service, period)
    return Progress(
        at=elapsed.end,
        used=delivered.total - received.total,
        today=_net_usage(territory, service, days[-1], as_of),
        yesterday=_net_usage(territory, service, days[0], as_of) if len(days) > 1 else 0,
        cost=sum((line.cost for line in lines), Decimal()),
        peak=peak,
        ratchet=_highest([*earlier_peaks, peak]),
        ratchet_span=ratchet_span,
    )


def _net_usage(territory: Territory, service: Service, day: Span, as_of: datetime) -> int:
    """Returns the net usage of a day, in the meter's resolution."""
    flows = (read_meter(territory, service, day, flow=flow, as_of=as_of) for flow in ("forward", "reverse"))
    delivered, received = (readings.total for readings in flows)
    return delivered - received


def _ratchet_year(territory: Territory, service: Service, period: Span) -> tuple[Span, list[Peak | None]]:
    """Returns the year that ends with the period, and the peaks of its earlier periods."""
    read_day = period.start.astimezone(territory.zone).day
    year_ago = period.start - timedelta(days=366)
    periods = list(billing_periods(territory.zone, start=year_ago, end=period.start, read_day=read_day))
    earlier = periods[-(_RATCHET_MONTHS - 1) :]
    peaks = [_peak_in(territory, service, item) for item in earlier] if service.kind == "electric" else []
    return Span(start=earlier[0].start, end=period.end), peaks


@lru_cache(maxsize=4000)  # a period counts in the ratchets of twelve bills
def _peak_in(territory: Territory, service: Service, period: Span) -> Peak | None:
    return peak_of(read_meter(territory, service, period, flow="forward"))


def _highest(peaks: Iterable[Peak | None]) -> Peak | None:
    """Returns the highest peak, the first one of equals; None if there are none."""
    return max((peak for peak in peaks if peak is not None), key=lambda peak: peak.watts, default=None)
