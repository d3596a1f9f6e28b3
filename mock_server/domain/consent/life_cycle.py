"""Computes the status of authorizations and meters, and the events that time causes. Pure functions of records.

The look-up of an account and the collection of a meter's history take some time. Their progress is not stored, so
that moving the clock moves them, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from mock_server.domain.consent.available_data import (
    COLLECTING,
    LOGIN_WAIT,
    LOOKUP_DURATION,
    collected_by,
    lookup_end,
)
from mock_server.domain.consent.scenarios import Scenario, Trouble, scenario_named
from mock_server.domain.events import EventType, Happening
from mock_server.domain.records import Authorization, Collection, Meter

RETRY_AFTER = timedelta(hours=1)

Status: TypeAlias = Literal["pending", "updated", "errored"]


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note on the progress of a collection; `eta` is when it continues."""

    type: str
    message: str
    at: datetime
    eta: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A status with its start, a message and notes."""

    status: Status
    message: str
    since: datetime
    notes: tuple[Note, ...] = ()


def authorization_condition(authorization: Authorization, *, meters: int, now: datetime) -> Condition:
    """Returns the status of an authorization; `meters` is its number of meters."""
    created, looked_up = authorization.created, lookup_end(authorization)
    scenario = scenario_named(authorization.scenario)
    if authorization.kind == "declined":
        return Condition(status="errored", message="The customer declined.", since=created)
    if authorization.revoked is not None and authorization.revoked <= now:
        return Condition(
            status="updated", message="The authorization was revoked.", since=authorization.revoked
        )
    if now < looked_up:
        return Condition(status="pending", message="The account is being looked up.", since=created)
    if scenario.at_once is not None:
        return _trouble_status(scenario.at_once, since=looked_up, now=now)
    notes = (
        Note(type="access_valid", message="Access to the utility works.", at=looked_up),
        Note(type="meters_full", message=f"All {meters} meters were found.", at=looked_up),
    )
    trouble_begins = looked_up + LOOKUP_DURATION
    if scenario.later is not None and now >= trouble_begins:
        return _trouble_status(scenario.later, since=trouble_begins, now=now, before=notes[1:])
    return Condition(status="updated", message="The authorization is complete.", since=looked_up, notes=notes)


@dataclass(frozen=True, kw_only=True)
class _Effect:
    """What a trouble does: status and message while it lasts, the event of a meter, the time between retries."""

    status: Status
    message: str
    event: EventType
    retry_every: timedelta | None = None


_EFFECTS: dict[Trouble, _Effect] = {
    "access_invalid": _Effect(
        status="errored",
        message="The utility rejected the log-in. Ask the customer to authorize again.",
        event="meter_historical_collection_finished_errored",
    ),
    "access_unsupported": _Effect(
        status="errored",
        message="The utility does not share the data of this account.",
        event="meter_historical_collection_finished_errored",
    ),
    "retrying": _Effect(
        status="pending",
        message="The utility did not respond. We will retry.",
        event="meter_historical_collection_retrying",
        retry_every=RETRY_AFTER,
    ),
    "pending_manual": _Effect(
        status="pending",
        message="This needs a manual review on our side first.",
        event="meter_historical_collection_delayed",
    ),
    "waiting": _Effect(
        status="pending",
        message="The utility asks us to wait before the next log-in.",
        event="meter_historical_collection_delayed",
        retry_every=LOGIN_WAIT,
    ),
}


def _trouble_status(
    trouble: Trouble, *, since: datetime, now: datetime, before: tuple[Note, ...] = ()
) -> Condition:
    effect = _EFFECTS[trouble]
    pause = effect.retry_every
    eta = since + ((now - since) // pause + 1) * pause if pause else None
    note = Note(type=trouble, message=effect.message, at=since, eta=eta)
    return Condition(status=effect.status, message=effect.message, since=since, notes=(*before, note))


def meter_condition(
    authorization: Authorization,
    collections: Sequence[Collection],
    *,
    bills: int,
    readings: int,
    now: datetime,
) -> Condition:
    """Returns the status of a meter with that number of bills and readings.

    `collections` are the meter's own, oldest first.
    """
    created, scenario = authorization.created, scenario_named(authorization.scenario)
    if not authorization.waits_for_collection and not collections:
        notes = _complete_notes(scenario, created, bills=bills, readings=readings)
        return Condition(
            status="updated", message="The meter's data is complete.", since=created, notes=notes
        )
    if not collections:
        message = "Service exists, but no logs yet."
        return Condition(status="updated", message=message, since=lookup_end(authorization))
    last = collections[-1]
    done = collected_by(last, scenario.later)
    if scenario.later is not None and (done is None or now < done - COLLECTING):
        return _trouble_status(scenario.later, since=last.started, now=now)
    if done is not None and now >= done:
        notes = _complete_notes(scenario, done, bills=bills, readings=readings)
        return Condition(status="updated", message="The meter's data is complete.", since=done, notes=notes)
    return Condition(status="pending", message="The meter's data is being collected.", since=last.started)


def _complete_notes(scenario: Scenario, at: datetime, *, bills: int, readings: int) -> tuple[Note, ...]:
    notes = [Note(type="access_valid", message="Access to the utility works.", at=at)]
    if bills:
        notes.append(Note(type="bills_full", message="All bills were collected.", at=at))
    if readings:
        notes.append(Note(type="intervals_full", message="All readings were collected.", at=at))
    elif scenario.readings == "none":
        notes.append(Note(type="intervals_empty", message="The utility has no readings.", at=at))
    return tuple(notes)


def moments(
    authorization: Authorization, meters: Sequence[Meter], collections: Iterable[Collection]
) -> list[Happening]:
    """Returns the events that time causes for an authorization, in order of time.

    Excludes events of actions (authorize, order, decline, renew, revoke) and of new data. Meters of a form are created
    when the look-up finds them; other meters are created with their authorization.
    """
    if authorization.kind != "customer":
        return []
    dated = [*_lookup_events(authorization, meters)]
    for collection in collections:
        dated += _collection_events(authorization, collection)
    uid = authorization.uid
    events = [
        Happening(at=at, type=name, authorization_uid=uid, meter_uid=meter) for at, name, meter in dated
    ]
    return sorted(events, key=lambda event: event.at)


_DatedEvent: TypeAlias = tuple[datetime, EventType, str | None]


def _lookup_events(authorization: Authorization, meters: Sequence[Meter]) -> Iterator[_DatedEvent]:
    looked_up, trouble = lookup_end(authorization), scenario_named(authorization.scenario).at_once
    if trouble == "retrying":
        yield looked_up, "authorization_update_retrying", None
    elif trouble is not None:
        yield looked_up, "authorization_update_finished_errored", None
    else:
        if authorization.waits_for_collection:
            yield from ((looked_up, "meter_created", meter.uid) for meter in meters)
        yield looked_up, "authorization_update_finished_successful", None


def _collection_events(authorization: Authorization, collection: Collection) -> Iterator[_DatedEvent]:
    trouble = scenario_named(authorization.scenario).later
    done, uid = collected_by(collection, trouble), collection.meter_uid
    if trouble is not None:
        yield collection.started + LOOKUP_DURATION, _EFFECTS[trouble].event, uid
    if done is not None:
        yield done - COLLECTING / 2, "meter_historical_collection_progress", uid
        yield done, "meter_historical_collection_finished_successful", uid
