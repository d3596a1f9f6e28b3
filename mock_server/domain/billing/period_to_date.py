"""What is known of a billing period at an instant: cost and use to date, the last two days, the highest demands."""

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
    """A billing period as far as it was read, up to `at`.

    Uses are net, in the meter's resolution: of the period, of its newest day so far and of the day before. `cost` is
    the bill so far, in dollars. `peak` is the period's, `ratchet` the highest of the year that `ratchet_span` spans.
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
    """The period as far as it was read by `until`; corrections count as they were known at `as_of`."""
    known = Span(start=period.start, end=min(until, period.end))
    delivered = read_meter(territory, service, known, flow="forward", as_of=as_of)
    received = read_meter(territory, service, known, flow="reverse", as_of=as_of)
    days = list(local_days(territory.zone, Span(start=known.end - timedelta(days=3), end=known.end)))[-2:]
    lines = charges(service, tariff, territory.zone, period, delivered=delivered, received=received)
    peak = peak_of(delivered) if service.kind == "electric" else None
    ratchet_span, former = _before(territory, service, period)
    return Progress(
        at=known.end,
        used=delivered.total - received.total,
        today=_used(territory, service, days[-1], as_of),
        yesterday=_used(territory, service, days[0], as_of) if len(days) > 1 else 0,
        cost=sum((line.cost for line in lines), Decimal()),
        peak=peak,
        ratchet=_highest([*former, peak]),
        ratchet_span=ratchet_span,
    )


def _used(territory: Territory, service: Service, day: Span, as_of: datetime) -> int:
    read = (read_meter(territory, service, day, flow=flow, as_of=as_of) for flow in ("forward", "reverse"))
    delivered, received = (readings.total for readings in read)
    return delivered - received


def _before(territory: Territory, service: Service, period: Span) -> tuple[Span, list[Peak | None]]:
    """The year that ends with the period, and the peaks of the periods before it."""
    read_day = period.start.astimezone(territory.zone).day
    year_ago = period.start - timedelta(days=366)
    periods = list(billing_periods(territory.zone, start=year_ago, end=period.start, read_day=read_day))
    last = periods[-(_RATCHET_MONTHS - 1) :]
    peaks = [_peak_in(territory, service, one) for one in last] if service.kind == "electric" else []
    return Span(start=last[0].start, end=period.end), peaks


@lru_cache(maxsize=4000)  # the same period counts in twelve bills
def _peak_in(territory: Territory, service: Service, period: Span) -> Peak | None:
    return peak_of(read_meter(territory, service, period, flow="forward"))


def _highest(peaks: Iterable[Peak | None]) -> Peak | None:
    """The first of the highest."""
    return max((peak for peak in peaks if peak is not None), key=lambda peak: peak.watts, default=None)
