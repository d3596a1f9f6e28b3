"""Announces events to third parties, within the transaction of the action that caused them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mock_server.actions.clients.find_client import get_client
from mock_server.domain.events import EventType, Happening
from mock_server.domain.records import Event
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

FIRST_EVENT = 3_000_001


def announce(
    transaction: Transaction,
    event_type: EventType,
    *,
    client_id: str,
    at: datetime,
    authorization_uid: str | None = None,
    meter_uid: str | None = None,
    meter_uids: Sequence[str] | None = None,
    form_uid: str | None = None,
    target: str | None = None,
) -> list[Event]:
    """Put an event into the outbox, once for each subscribed webhook. If there is none, it is only listed.

    With a `target`, the event goes only there. With `meter_uids`, there is one event per meter.
    """
    targets = [target] if target else _subscribed_urls(transaction, client_id, event_type) or [None]
    wanted = [
        (meter, one) for meter in ([meter_uid] if meter_uids is None else meter_uids) for one in targets
    ]
    made = [
        _event(
            uid,
            event_type,
            at=at,
            client_id=client_id,
            authorization_uid=authorization_uid,
            meter_uid=meter,
            form_uid=form_uid,
            target=one,
        )
        for uid, (meter, one) in zip(_numbers(transaction, len(wanted)), wanted, strict=True)
    ]
    transaction.events.add(*made)
    return made


def announce_in_order(
    transaction: Transaction, happened: Sequence[Happening], clients: Mapping[str, str]
) -> None:
    """Announce scheduled events in order; `clients` maps the uid of an authorization to its client."""
    subscribed: dict[tuple[str, EventType], list[str | None]] = {}
    announced: list[tuple[Happening, str, str | None]] = []
    for one in happened:
        client_id = clients[one.authorization_uid]
        if (client_id, one.type) not in subscribed:
            subscribed[client_id, one.type] = _subscribed_urls(transaction, client_id, one.type) or [None]
        announced += [(one, client_id, target) for target in subscribed[client_id, one.type]]
    transaction.events.add(
        *(
            _event(
                uid,
                one.type,
                at=one.at,
                client_id=client_id,
                authorization_uid=one.authorization_uid,
                meter_uid=one.meter_uid,
                form_uid=None,
                target=target,
            )
            for uid, (one, client_id, target) in zip(
                _numbers(transaction, len(announced)), announced, strict=True
            )
        )
    )


def _numbers(transaction: Transaction, count: int) -> list[str]:
    return transaction.next_numbers("event", count, first=FIRST_EVENT) if count else []


def _event(
    uid: str,
    event_type: EventType,
    *,
    at: datetime,
    client_id: str,
    authorization_uid: str | None,
    meter_uid: str | None,
    form_uid: str | None,
    target: str | None,
) -> Event:
    """An event that waits for its target from the instant at which it happened."""
    return Event(
        uid=uid,
        type=event_type,
        at=at,
        client_id=client_id,
        authorization_uid=authorization_uid,
        meter_uid=meter_uid,
        form_uid=form_uid,
        delivery_target=target,
        is_delivered=False,
        first_due=at if target else None,
        due=at if target else None,
    )


def _subscribed_urls(transaction: Transaction, client_id: str, event_type: EventType) -> list[str | None]:
    webhooks = transaction.webhooks.list(client_id=client_id, order="id")
    return [one.url for one in webhooks if not one.event_types or event_type in one.event_types]


def fire(
    _: Sandbox,
    transaction: Transaction,
    event_type: EventType,
    *,
    client_id: str,
    authorization_uid: str | None = None,
    meter_uid: str | None = None,
    form_uid: str | None = None,
) -> list[Event]:
    """Announce an event that did not happen, to test a receiver. Raises InvalidClient."""
    return announce(
        transaction,
        event_type,
        client_id=get_client(transaction, client_id).id,
        at=transaction.now,
        authorization_uid=authorization_uid,
        meter_uid=meter_uid,
        form_uid=form_uid,
    )


def list_events(
    sandbox: Sandbox, transaction: Transaction, *, client_id: str | None = None, limit: int = 1000
) -> list[Event]:
    """All events, or one client's, newest first."""
    if client_id is None:
        return transaction.events.list(order="-uid", limit=limit)
    return transaction.events.list(order="-uid", limit=limit, client_id=client_id)
