"""Telling third parties what happened: an event is part of the transaction of the action that caused it."""

from datetime import datetime

from mock_server.core.events import EventType
from mock_server.core.records import Event
from mock_server.store import Transaction

FIRST_EVENT = 3_000_001


def announce(
    rows: Transaction,
    event_type: EventType,
    *,
    client_id: str,
    at: datetime,
    authorization_uid: str | None = None,
    meter_uid: str | None = None,
    form_uid: str | None = None,
) -> None:
    """Put an event into the outbox: once for each webhook that listens, or once to be listed where none does."""
    listening: list[str | None] = [
        webhook.url
        for webhook in rows.webhooks.list(client_id=client_id, order="id")
        if not webhook.event_types or event_type in webhook.event_types
    ]
    for target in listening or [None]:
        rows.events.add(
            Event(
                uid=rows.next_number("event", first=FIRST_EVENT),
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
        )
