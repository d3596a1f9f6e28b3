"""Schedule of monitoring: new data every day, week or month from its setting, or on a fixed day of the month."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from mock_server.domain.records import Meter

_INTERVALS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def months_later(instant: datetime, months: int, *, day: int | None = None) -> datetime:
    """Adds months (or subtracts them) and sets the day if given; uses the last day of a month that is too short."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return instant.replace(year=year, month=month + 1, day=min(day or instant.day, last))


def next_refresh(meter: Meter, now: datetime) -> datetime | None:
    """Returns the first refresh after `now`; None if monitoring is off."""
    since = meter.monitoring_set or meter.created
    if meter.frequency == "off":
        return None
    if meter.frequency == "monthly":
        return _monthly(meter, since, now)[1]
    interval = _INTERVALS[meter.frequency]
    return since + ((now - since) // interval + 1) * interval


def last_refresh(meter: Meter, now: datetime) -> datetime | None:
    """Returns the last refresh up to `now`; setting up monitoring counts as one. None if there was none."""
    since = meter.monitoring_set
    if since is None or meter.frequency == "off" or now < since:
        return None
    if meter.frequency == "monthly":
        return _monthly(meter, since, now)[0]
    interval = _INTERVALS[meter.frequency]
    return since + (now - since) // interval * interval


def _monthly(meter: Meter, since: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Returns the last refresh, which may be the setting itself, and the next one."""
    since = since.astimezone(UTC)
    elapsed = (now.year - since.year) * 12 + now.month - since.month
    candidates = [
        months_later(since, months, day=meter.fixed_refresh_day) for months in range(elapsed - 1, elapsed + 3)
    ]
    past = [refresh for refresh in candidates if since <= refresh <= now]
    future = [refresh for refresh in candidates if refresh > max(now, since)]
    return max(past, default=since), min(future)
