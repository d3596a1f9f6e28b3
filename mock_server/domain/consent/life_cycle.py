"""How authorizations and their meters fare, and what happens to them by itself: pure functions of stored facts.

Looking an account through takes seconds, collecting a meter's history half a minute; nothing is stored when that
is done, so that a clock that is moved moves everything with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from mock_server.domain.consent.available_data import (
    COLLECTING,
    LOOKING_THROUGH,
    WAIT,
    collected_by,
    looked_through,
)
from mock_server.domain.consent.scenarios import Scenario, Trouble, scenario_named
from mock_server.domain.events import EventType, Happening
from mock_server.domain.records import Authorization, Collection, Meter

RETRY_AFTER = timedelta(hours=1)

Status: TypeAlias = Literal["pending", "updated", "errored"]


@dataclass(frozen=True, kw_only=True)
class Note:
    """A remark about how collecting went; `eta` is when it goes on."""

    type: str
    message: str
    at: datetime
    eta: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """How something stands, since when, and what is to be said about it."""

    status: Status
    message: str
    since: datetime
    notes: tuple[Note, ...] = ()


def authorization_condition(authorization: Authorization, *, meters: int, now: datetime) -> Condition:
    """How an authorization with so many meters stands."""
    created, found = authorization.created, looked_through(authorization)
    scenario = scenario_named(authorization.scenario)
    if authorization.kind == "declined":
        return Condition(status="errored", message="The customer declined.", since=created)
    if authorization.revoked is not None and authorization.revoked <= now:
        return Condition(
            status="updated", message="The authorization was revoked.", since=authorization.revoked
        )
    if now < found:
        return Condition(status="pending", message="The account is being looked through.", since=created)
    if scenario.at_once is not None:
        return _troubled(scenario.at_once, since=found, now=now)
    notes = (
        Note(type="access_valid", message="The utility lets us in.", at=found),
        Note(type="meters_full", message=f"All {meters} meters were found.", at=found),
    )
    trouble_begins = found + LOOKING_THROUGH
    if scenario.later is not None and now >= trouble_begins:
        return _troubled(scenario.later, since=trouble_begins, now=now, before=notes[1:])
    return Condition(status="updated", message="The authorization is complete.", since=found, notes=notes)


_TROUBLES: dict[Trouble, tuple[Status, str]] = {
    "access_invalid": ("errored", "The utility refused the log-in: ask the customer to authorize again."),
    "access_unsupported": ("errored", "The utility does not share the data of this account."),
    "retrying": ("pending", "The utility did not answer. We try again."),
    "pending_manual": ("pending", "Somebody at our side has to look at this first."),
    "waiting": ("pending", "The utility asks us to wait before the next log-in."),
}
_PAUSES: dict[Trouble, timedelta] = {"retrying": RETRY_AFTER, "waiting": WAIT}


def _troubled(
    trouble: Trouble, *, since: datetime, now: datetime, before: tuple[Note, ...] = ()
) -> Condition:
    status, message = _TROUBLES[trouble]
    pause = _PAUSES.get(trouble)
    eta = since + ((now - since) // pause + 1) * pause if pause else None
    note = Note(type=trouble, message=message, at=since, eta=eta)
    return Condition(status=status, message=message, since=since, notes=(*before, note))


def meter_condition(
    authorization: Authorization,
    collections: Sequence[Collection],
    *,
    bills: int,
    readings: int,
    now: datetime,
) -> Condition:
    """How a meter stands that has so many bills and readings to show. `collections` are its own, oldest first."""
    created, scenario = authorization.created, scenario_named(authorization.scenario)
    if not authorization.waits_for_collection and not collections:
        notes = _fullness(scenario, created, bills=bills, readings=readings)
        return Condition(
            status="updated", message="The meter's data is complete.", since=created, notes=notes
        )
    if not collections:
        message = "Service exists, but no logs yet."
        return Condition(status="updated", message=message, since=looked_through(authorization))
    last = collections[-1]
    done = collected_by(last, scenario.later)
    if scenario.later is not None and (done is None or now < done - COLLECTING):
        return _troubled(scenario.later, since=last.started, now=now)
    if done is not None and now >= done:
        notes = _fullness(scenario, done, bills=bills, readings=readings)
        return Condition(status="updated", message="The meter's data is complete.", since=done, notes=notes)
    return Condition(status="pending", message="The meter's data is being collected.", since=last.started)


def _fullness(scenario: Scenario, at: datetime, *, bills: int, readings: int) -> tuple[Note, ...]:
    notes = [Note(type="access_valid", message="The utility lets us in.", at=at)]
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
    """All that happens to an authorization by itself because of what was stored, in order of time.

    Not among them: what somebody does (authorizes, orders, declines, renews, revokes) and data that appears. Meters
    are created with their authorization, from a form when they are found.
    """
    if authorization.kind != "customer":
        return []
    happens = [*_looking(authorization, meters)]
    for collection in collections:
        happens += _collecting(authorization, collection)
    uid = authorization.uid
    told = [
        Happening(at=at, type=name, authorization_uid=uid, meter_uid=meter) for at, name, meter in happens
    ]
    return sorted(told, key=lambda one: one.at)


_Moment: TypeAlias = tuple[datetime, EventType, str | None]


def _looking(authorization: Authorization, meters: Sequence[Meter]) -> Iterator[_Moment]:
    found, trouble = looked_through(authorization), scenario_named(authorization.scenario).at_once
    if trouble == "retrying":
        yield found, "authorization_update_retrying", None
    elif trouble is not None:
        yield found, "authorization_update_finished_errored", None
    else:
        if authorization.waits_for_collection:
            yield from ((found, "meter_created", meter.uid) for meter in meters)
        yield found, "authorization_update_finished_successful", None


def _collecting(authorization: Authorization, collection: Collection) -> Iterator[_Moment]:
    trouble = scenario_named(authorization.scenario).later
    done, uid = collected_by(collection, trouble), collection.meter_uid
    if trouble is not None:
        yield collection.started + LOOKING_THROUGH, _HINDERED[trouble], uid
    if done is not None:
        yield done - COLLECTING / 2, "meter_historical_collection_progress", uid
        yield done, "meter_historical_collection_finished_successful", uid


_HINDERED: dict[Trouble, EventType] = {
    "access_invalid": "meter_historical_collection_finished_errored",
    "access_unsupported": "meter_historical_collection_finished_errored",
    "retrying": "meter_historical_collection_retrying",
    "pending_manual": "meter_historical_collection_delayed",
    "waiting": "meter_historical_collection_delayed",
}
