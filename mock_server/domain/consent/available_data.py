"""Computes which data of a meter is available at a time, from collections and monitoring.

An authorization by OAuth shares all data at once. One from a form shares collected data; a collection proceeds from
the newest data to the oldest, so that counters rise while it runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.domain.consent.monitoring import last_refresh, months_later
from mock_server.domain.consent.scenarios import Trouble, scenario_named
from mock_server.domain.records import Authorization, Collection, Meter

LOOKUP_DURATION = timedelta(seconds=5)
COLLECTING = timedelta(seconds=30)
LOGIN_WAIT = timedelta(minutes=10)
_STEPS = 10


@dataclass(frozen=True, kw_only=True)
class AvailableData:
    """The available data of a meter: from `start` (None: the start of sharing) to `until`, as known at `until`.

    `readings_from` is the start of the readings, if it differs.
    """

    start: datetime | None
    until: datetime
    readings_from: datetime | None = None
    has_readings: bool = True


def lookup_end(authorization: Authorization) -> datetime:
    """Returns when the look-up of its meters is finished."""
    return authorization.created + LOOKUP_DURATION


def shows_meters(authorization: Authorization, now: datetime) -> bool:
    """Returns whether its meters are listed: never once revoked; from a form only after the look-up."""
    if authorization.kind != "customer" or authorization.status_at(now) == "revoked":
        return False
    if scenario_named(authorization.scenario).at_once is not None:
        return False
    return not authorization.waits_for_collection or now >= lookup_end(authorization)


def collected_by(collection: Collection, trouble: Trouble | None) -> datetime | None:
    """Returns when a collection with that trouble is complete; None for never."""
    if trouble is None:
        return collection.started + COLLECTING
    return collection.started + LOGIN_WAIT + COLLECTING if trouble == "waiting" else None


def collected_since(collection: Collection, trouble: Trouble | None, now: datetime) -> datetime | None:
    """Returns the start of the data collected by `now`, which moves back in `_STEPS` steps; None before the first."""
    end = collected_by(collection, trouble)
    if end is None:
        return None
    steps = min(_STEPS, (now - (end - COLLECTING)) * _STEPS // COLLECTING)
    if steps < 1:
        return None
    requested = collection.started - months_later(collection.started, -collection.months)
    return collection.started - requested * steps / _STEPS


def reach(
    authorization: Authorization, meter: Meter, collections: Sequence[Collection], now: datetime
) -> AvailableData | None:
    """Returns the data of a meter that is available at `now`; None for nothing. `collections` are the meter's own."""
    scenario = scenario_named(authorization.scenario)
    if not shows_meters(authorization, now):
        return None
    collected = [(item.started, collected_since(item, scenario.later, now)) for item in collections]
    starts = [start for _, start in collected if start]
    ends = [started for started, start in collected if start]
    monitored = _monitored(authorization, meter, now)
    if monitored is not None:
        starts += [monitored[0]] if monitored[0] else []
        ends.append(monitored[1])
    if not ends:
        return None
    shares_all = monitored is not None and monitored[0] is None
    start, until = None if shares_all else min(starts, default=None), max(ends)
    first = start or authorization.history_start or authorization.created
    return AvailableData(
        start=start,
        until=until,
        readings_from=first + (until - first) / 2 if scenario.readings == "half" else None,
        has_readings=scenario.readings != "none",
    )


def _monitored(
    authorization: Authorization, meter: Meter, now: datetime
) -> tuple[datetime | None, datetime] | None:
    """Returns start (None: the start of sharing) and end of the data from monitoring; None if there is none."""
    if meter.monitoring_set is None:
        return None if authorization.waits_for_collection else (None, now)
    refreshed = last_refresh(meter, now)
    ends = [end for end in (meter.retained_until, refreshed) if end]
    if not ends:
        return None
    if not authorization.waits_for_collection:
        return None, max(ends)
    return meter.retained_from or meter.monitoring_set, max(ends)
