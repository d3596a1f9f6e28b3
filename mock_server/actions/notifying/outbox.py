"""Pending deliveries: claimed by one sender at a time, retried every RETRY_AFTER until GIVE_UP_AFTER.

They carry events for webhooks and notifications for notify URIs. `webhooks` sends them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from mock_server.actions.leases import LEASE
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.records import Attempt, Client, DeliveryKind, Event, Notification
from mock_server.domain.time.clock import MOMENT
from mock_server.sandbox import Sandbox
from mock_server.store import TableAccess, Transaction

RETRY_AFTER = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
_MOST_EVENTS = 1000
_LOOKED_AT = 100  # a worker that has claimed all of these will also send the rest

Waiting: TypeAlias = Event | Notification


@dataclass(frozen=True, kw_only=True)
class PendingDelivery:
    """The items that one request sends to one URL, when it is sent, and the claim that holds it."""

    kind: DeliveryKind
    client: Client
    target: str
    at: datetime
    items: tuple[Waiting, ...]
    claim: str = ""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sender's claim, and the seconds until it expires unless it is renewed."""

    id: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of an attempt: the status of the response, or what prevented one. Only 200 means delivered.

    `seconds` is the duration; `is_forged` means that the signature was wrong on purpose.
    """

    status: int | None
    problem: str | None = None
    seconds: float | None = None
    is_forged: bool = False

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver accepted it (utilityapi.md §7)."""
        return self.status == 200


def take_due(sandbox: Sandbox, *, passing_over: Collection[str] = ()) -> PendingDelivery | None:
    """Claim the delivery that is due first; None if nothing is due.

    Skips the targets in `passing_over`.
    """
    with sandbox.reading() as transaction:
        if _first_due(transaction, passing_over) is None:
            return None
    # Exclusive, so that only one of several senders claims it.
    with sandbox.writing(exclusive=True) as transaction:
        first = _first_due(transaction, passing_over)
        client = transaction.clients.find(id=first.client_id) if first else None
        if first is None or first.due is None:
            return None
        if client is None or first.delivery_target is None:
            _change(transaction, first, due=None)
            return None
        claim = sandbox.random.secret()[:32]
        items = tuple(_sent_together(transaction, first))
        for one in items:
            _change(transaction, one, claimed_by=claim, claimed_until=transaction.lease_now() + LEASE)
        kind: DeliveryKind = "events" if isinstance(first, Event) else "notification"
        return PendingDelivery(
            kind=kind, client=client, target=first.delivery_target, at=first.due, items=items, claim=claim
        )


def keep_claim(sandbox: Sandbox, transaction: Transaction, delivery: PendingDelivery) -> None:
    """Renew the claim of a delivery whose receiver is slow."""
    for table in (transaction.events, transaction.notifications):
        table.change({"claimed_by": delivery.claim}, claimed_until=transaction.lease_now() + LEASE)


def find_claim(
    sandbox: Sandbox,
    transaction: Transaction,
    *,
    passing_over: Collection[str] = (),
    but: Collection[str] = (),
) -> Claim | None:
    """The claim on a due item that expires first, other than those in `but`; None if there is none."""
    now = transaction.lease_now()
    claims = [
        Claim(id=one.claimed_by, seconds=(one.claimed_until - now).total_seconds())
        for one in _due(transaction, passing_over)
        if one.claimed_by is not None and one.claimed_until is not None and one.claimed_by not in but
    ]
    return min(claims, key=lambda claim: claim.seconds, default=None)


def record_outcome(
    sandbox: Sandbox,
    transaction: Transaction,
    delivery: PendingDelivery,
    outcome: Outcome,
    *,
    is_last: bool = True,
) -> Attempt:
    """Record the result of an attempt and, if it `is_last`, schedule a retry or give up.

    Items that another sender has claimed meanwhile are left to that sender; the attempt is listed in any case.
    """
    attempt_items = tuple(
        one.uid if isinstance(one, Event) else " ".join(one.resources) for one in delivery.items
    )
    for one in delivery.items if is_last else ():
        again = delivery.at + RETRY_AFTER
        given_up = again > (one.first_due or delivery.at) + GIVE_UP_AFTER
        due = None if outcome.is_delivered or given_up else again
        _table_of(transaction, one).change(
            {"uid": one.uid, "claimed_by": delivery.claim},
            is_delivered=outcome.is_delivered,
            due=due,
            claimed_by=None,
            claimed_until=None,
        )
    return _add_attempt(transaction, delivery, attempt_items, outcome)


def record_probe(
    sandbox: Sandbox, transaction: Transaction, delivery: PendingDelivery, outcome: Outcome
) -> Attempt:
    """Record the result of an attempt without items. It is listed, and not retried."""
    return _add_attempt(transaction, delivery, (), outcome)


def _add_attempt(
    transaction: Transaction, delivery: PendingDelivery, items: tuple[str, ...], outcome: Outcome
) -> Attempt:
    attempt = Attempt(
        uid=transaction.next_number("attempt", first=1),
        kind=delivery.kind,
        client_id=delivery.client.id,
        delivery_target=delivery.target,
        items=items,
        at=delivery.at,
        status=outcome.status,
        problem=outcome.problem,
        seconds=outcome.seconds,
        is_forged=outcome.is_forged,
    )
    transaction.attempts.add(attempt)
    return attempt


def list_attempts(sandbox: Sandbox, transaction: Transaction, *, limit: int = 1000) -> list[Attempt]:
    """The attempts, newest first."""
    return transaction.attempts.list(order="-uid", limit=limit)


def list_waiting(sandbox: Sandbox, transaction: Transaction, *, limit: int = 1000) -> list[Waiting]:
    """Everything still to be sent: events, then notifications, each by due time."""
    far = transaction.now + timedelta(days=36_500)
    events = transaction.events.list(below=("due", far), order="due", limit=limit)
    return [*events, *transaction.notifications.list(below=("due", far), order="due", limit=limit)]


def send_again(sandbox: Sandbox, transaction: Transaction, uid: str) -> Event:
    """Make an event due now, even if it was delivered. Raises InvalidParameter if it has no webhook."""
    now = transaction.now
    event = transaction.events.find(uid=uid)
    if event is None or event.delivery_target is None:
        raise InvalidParameter(
            f"There is no event {uid[:40]!r} with a webhook. GET /_mock/events lists events; a webhook receives "
            "those that happen after it was added."
        )
    transaction.events.change(
        {"uid": uid}, due=now, first_due=now, is_delivered=False, claimed_by=None, claimed_until=None
    )
    sent = transaction.events.find(uid=uid)
    assert sent is not None
    return sent


def _due(transaction: Transaction, passing_over: Collection[str]) -> list[Waiting]:
    due, others = ("due", transaction.now + MOMENT), ("delivery_target", passing_over)
    return [
        *transaction.events.list(below=due, other_than=others, order="due", limit=_LOOKED_AT),
        *transaction.notifications.list(below=due, other_than=others, order="due", limit=_LOOKED_AT),
    ]


def _first_due(transaction: Transaction, passing_over: Collection[str]) -> Waiting | None:
    waiting = _due(transaction, passing_over)
    real = transaction.lease_now() if any(one.claimed_until for one in waiting) else None
    free = (one for one in waiting if _is_free(one, real))
    return min(free, key=lambda one: (one.due or one.at, int(one.uid)), default=None)


def _sent_together(transaction: Transaction, first: Waiting) -> list[Waiting]:
    """The items to send with the first: events due for the same webhook. A notification is sent alone."""
    if isinstance(first, Notification) or first.due is None:
        return [first]
    found = transaction.events.list(
        below=("due", first.due + MOMENT), delivery_target=first.delivery_target, order="uid"
    )
    real = transaction.lease_now()
    same = [one for one in found if one.client_id == first.client_id and _is_free(one, real)]
    return list(same[:_MOST_EVENTS])


def _is_free(one: Waiting, real: datetime | None) -> bool:
    return one.claimed_until is None or real is None or one.claimed_until < real


def _table_of(transaction: Transaction, one: Waiting) -> TableAccess[Event] | TableAccess[Notification]:
    return transaction.events if isinstance(one, Event) else transaction.notifications


def _change(transaction: Transaction, one: Waiting, **values: object) -> None:
    _table_of(transaction, one).change({"uid": one.uid}, **values)
