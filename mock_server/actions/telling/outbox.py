"""What waits to be sent: taken by one worker at a time, sent again hourly for three days, given up after that.

Both events for webhooks and notifications for notify URIs wait here. Sending itself is the business of `webhooks`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from mock_server.core.clock import MOMENT
from mock_server.core.errors import InvalidParameter
from mock_server.core.records import Attempt, Client, Event, Notification, ParcelKind
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

RETRY_AFTER = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
_LEASE = timedelta(minutes=2)  # longer than any one try takes
_MOST_EVENTS = 1000
_LOOKED_AT = 100  # if another worker has all of these, it will come to the rest

Waiting: TypeAlias = Event | Notification


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes to one address in one request, and the instant at which it goes."""

    kind: ParcelKind
    client: Client
    target: str
    at: datetime
    items: tuple[Waiting, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a try ended: the status of the answer, or what prevented one. Only 200 means delivered.

    `seconds` is how long it took; `is_forged`: the signature was wrong on purpose.
    """

    status: int | None
    problem: str | None = None
    seconds: float | None = None
    is_forged: bool = False

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it (utilityapi.md §7)."""
        return self.status == 200


def take_due(sandbox: Sandbox, *, passing_over: Collection[str] = ()) -> Parcel | None:
    """The parcel that is due first, now this worker's alone; None where nothing is due.

    Targets in `passing_over` are left alone.
    """
    now, real = sandbox.clock.now(), sandbox.clock.machine_now()
    with sandbox.store.reading() as rows:
        if _first_due(rows, now, real, passing_over) is None:
            return None
    with sandbox.store.writing(alone=True) as rows:  # of several at once, all but one would find it taken
        first = _first_due(rows, now, real, passing_over)
        client = rows.clients.find(id=first.client_id) if first else None
        if first is None or first.due is None:
            return None
        if client is None or first.delivery_target is None:
            _put(rows, first, due=None)
            return None
        found = _together(rows, first, real)
        items = tuple(one for one in found if _claim(rows, one, until=real + _LEASE))
        kind: ParcelKind = "events" if isinstance(first, Event) else "notification"
        return Parcel(kind=kind, client=client, target=first.delivery_target, at=first.due, items=items)


def record_outcome(sandbox: Sandbox, parcel: Parcel, outcome: Outcome) -> Attempt:
    """Note how it went, and when to try again where it has to be."""
    attempt_items = tuple(
        one.uid if isinstance(one, Event) else " ".join(one.resources) for one in parcel.items
    )
    with sandbox.store.writing() as rows:
        for one in parcel.items:
            again = parcel.at + RETRY_AFTER
            given_up = again > (one.first_due or parcel.at) + GIVE_UP_AFTER
            due = None if outcome.is_delivered or given_up else again
            _put(rows, one, is_delivered=outcome.is_delivered, due=due, claimed_until=None)
        return _add_attempt(rows, parcel, attempt_items, outcome)


def record_probe(sandbox: Sandbox, parcel: Parcel, outcome: Outcome) -> Attempt:
    """Note how a try ended that carried nothing: it is listed, and not made again."""
    with sandbox.store.writing() as rows:
        return _add_attempt(rows, parcel, (), outcome)


def _add_attempt(rows: Transaction, parcel: Parcel, items: tuple[str, ...], outcome: Outcome) -> Attempt:
    attempt = Attempt(
        uid=rows.next_number("attempt", first=1),
        kind=parcel.kind,
        client_id=parcel.client.id,
        delivery_target=parcel.target,
        items=items,
        at=parcel.at,
        status=outcome.status,
        problem=outcome.problem,
        seconds=outcome.seconds,
        is_forged=outcome.is_forged,
    )
    rows.attempts.add(attempt)
    return attempt


def list_attempts(sandbox: Sandbox, *, limit: int = 1000) -> list[Attempt]:
    """What was tried, newest first."""
    with sandbox.store.reading() as rows:
        return rows.attempts.list(order="-uid", limit=limit)


def list_waiting(sandbox: Sandbox, *, limit: int = 1000) -> list[Waiting]:
    """What is still to be sent, the soonest first."""
    far = sandbox.clock.now() + timedelta(days=36_500)
    with sandbox.store.reading() as rows:
        events = rows.events.list(below=("due", far), order="due", limit=limit)
        return [*events, *rows.notifications.list(below=("due", far), order="due", limit=limit)]


def send_again(sandbox: Sandbox, uid: str) -> Event:
    """Make an event due now, delivered or not. Raises InvalidParameter where no webhook wants it."""
    now = sandbox.clock.now()
    with sandbox.store.writing() as rows:
        event = rows.events.find(uid=uid)
        if event is None or event.delivery_target is None:
            raise InvalidParameter(
                f"There is no event {uid[:40]!r} with a webhook to send it to. GET /_mock/events lists events; "
                "a webhook gets those that happen after it was added."
            )
        rows.events.change({"uid": uid}, due=now, first_due=now, is_delivered=False, claimed_until=None)
        sent = rows.events.find(uid=uid)
        assert sent is not None
        return sent


def _first_due(
    rows: Transaction, now: datetime, real: datetime, passing_over: Collection[str]
) -> Waiting | None:
    due, others = ("due", now + MOMENT), ("delivery_target", passing_over)
    waiting: list[Waiting] = [
        *rows.events.list(below=due, other_than=others, order="due", limit=_LOOKED_AT),
        *rows.notifications.list(below=due, other_than=others, order="due", limit=_LOOKED_AT),
    ]
    free = (one for one in waiting if _is_free(one, real))
    return min(free, key=lambda one: (one.due or now, int(one.uid)), default=None)


def _together(rows: Transaction, first: Waiting, real: datetime) -> list[Waiting]:
    """What goes along: events for the same webhook that are due by then too; each notification goes alone."""
    if isinstance(first, Notification) or first.due is None:
        return [first]
    found = rows.events.list(
        below=("due", first.due + MOMENT), delivery_target=first.delivery_target, order="uid"
    )
    same = [one for one in found if one.client_id == first.client_id and _is_free(one, real)]
    return list(same[:_MOST_EVENTS])


def _is_free(one: Waiting, real: datetime) -> bool:
    return one.claimed_until is None or one.claimed_until < real


def _claim(rows: Transaction, one: Waiting, *, until: datetime) -> bool:
    """Guarded, so that of several workers one has it; a worker that dies loses it after a while."""
    table = rows.events if isinstance(one, Event) else rows.notifications
    return table.change({"uid": one.uid, "claimed_until": one.claimed_until}, claimed_until=until) == 1


def _put(rows: Transaction, one: Waiting, **values: object) -> None:
    table = rows.events if isinstance(one, Event) else rows.notifications
    table.change({"uid": one.uid}, **values)
