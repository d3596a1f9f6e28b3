"""When monitoring brings new data: each day, week or month after it was set, or on a fixed day of the month."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from mock_server.domain.records import Meter

_PACES = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def months_later(instant: datetime, months: int, *, day: int | None = None) -> datetime:
    """The same day (or the given one) and time so many months on or back; the last day where there is none."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return instant.replace(year=year, month=month + 1, day=min(day or instant.day, last))


def next_refresh(meter: Meter, now: datetime) -> datetime | None:
    """The first refresh after an instant; None while nothing is monitored."""
    since = meter.monitoring_set or meter.created
    if meter.frequency == "off":
        return None
    if meter.frequency == "monthly":
        return _monthly(meter, since, now)[1]
    pace = _PACES[meter.frequency]
    return since + ((now - since) // pace + 1) * pace


def last_refresh(meter: Meter, now: datetime) -> datetime | None:
    """The last refresh up to an instant, the setting of the monitoring included; None while there was none."""
    since = meter.monitoring_set
    if since is None or meter.frequency == "off" or now < since:
        return None
    if meter.frequency == "monthly":
        return _monthly(meter, since, now)[0]
    pace = _PACES[meter.frequency]
    return since + (now - since) // pace * pace


def _monthly(meter: Meter, since: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The last refresh, which may be the setting itself, and the next one."""
    since = since.astimezone(UTC)
    passed = (now.year - since.year) * 12 + now.month - since.month
    candidates = [
        months_later(since, months, day=meter.fixed_refresh_day) for months in range(passed - 1, passed + 3)
    ]
    before = [one for one in candidates if since <= one <= now]
    return max(before, default=since), min(one for one in candidates if one > max(now, since))
