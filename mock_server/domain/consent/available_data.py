"""How much of a meter's data is there at an instant: what was collected, and what monitoring brought.

What came by OAuth shares its data at once. What came from a form shares what was collected, the newest first, so
that counters rise while a collection is under way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.domain.consent.monitoring import last_refresh, months_later
from mock_server.domain.consent.scenarios import Trouble, scenario_named
from mock_server.domain.records import Authorization, Collection, Meter

LOOKING_THROUGH = timedelta(seconds=5)
COLLECTING = timedelta(seconds=30)
WAIT = timedelta(minutes=10)
_STEPS = 10


@dataclass(frozen=True, kw_only=True)
class AvailableData:
    """What is known of a meter: data from `start` (None: from where sharing begins) as it was at `until`.

    `readings_from` bounds the readings alone.
    """

    start: datetime | None
    until: datetime
    readings_from: datetime | None = None
    has_readings: bool = True


def looked_through(authorization: Authorization) -> datetime:
    """When its meters are known."""
    return authorization.created + LOOKING_THROUGH


def shows_meters(authorization: Authorization, now: datetime) -> bool:
    """Whether its meters are listed: by OAuth at once, from a form when they were found, never once revoked."""
    if authorization.kind != "customer" or authorization.status_at(now) == "revoked":
        return False
    if scenario_named(authorization.scenario).at_once is not None:
        return False
    return not authorization.waits_for_collection or now >= looked_through(authorization)


def collected_by(collection: Collection, trouble: Trouble | None) -> datetime | None:
    """When a collection is done that meets such trouble; None where it never is."""
    if trouble is None:
        return collection.started + COLLECTING
    return collection.started + WAIT + COLLECTING if trouble == "waiting" else None


def collected_from(collection: Collection, trouble: Trouble | None, now: datetime) -> datetime | None:
    """How far back a collection has come, in steps of a tenth; None before the first."""
    done = collected_by(collection, trouble)
    if done is None:
        return None
    steps = min(_STEPS, (now - (done - COLLECTING)) * _STEPS // COLLECTING)
    if steps < 1:
        return None
    whole = collection.started - months_later(collection.started, -collection.months)
    return collection.started - whole * steps / _STEPS


def reach(
    authorization: Authorization, meter: Meter, collections: Sequence[Collection], now: datetime
) -> AvailableData | None:
    """What of a meter's data is there at an instant; None for nothing. `collections` are its own."""
    scenario = scenario_named(authorization.scenario)
    if not shows_meters(authorization, now):
        return None
    came = [(one.started, collected_from(one, scenario.later, now)) for one in collections]
    starts = [start for _, start in came if start]
    ends = [started for started, start in came if start]
    monitored = _monitored(authorization, meter, now)
    if monitored is not None:
        starts += [monitored[0]] if monitored[0] else []
        ends.append(monitored[1])
    if not ends:
        return None
    is_open = monitored is not None and monitored[0] is None
    start, until = None if is_open else min(starts, default=None), max(ends)
    half = start or authorization.history_start or authorization.created
    return AvailableData(
        start=start,
        until=until,
        readings_from=half + (until - half) / 2 if scenario.readings == "half" else None,
        has_readings=scenario.readings != "none",
    )


def _monitored(
    authorization: Authorization, meter: Meter, now: datetime
) -> tuple[datetime | None, datetime] | None:
    """From where (None: all that is shared) until when monitoring has brought data."""
    if meter.monitoring_set is None:
        return None if authorization.waits_for_collection else (None, now)
    refreshed = last_refresh(meter, now)
    ends = [end for end in (meter.kept_until, refreshed) if end]
    if not ends:
        return None
    if not authorization.waits_for_collection:
        return None, max(ends)
    return meter.kept_from or meter.monitoring_set, max(ends)
