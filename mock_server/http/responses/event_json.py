"""The JSON of an event, for webhooks and the JSON API (utilityapi.md §6 and §7)."""

from typing import Any

from mock_server.domain.records import Event


def event_json(event: Event, *, is_delivered: bool | None = None) -> dict[str, Any]:
    """The Event object, with the uids of its subject only. `is_delivered` replaces the stored value in a delivery."""
    subject = {
        "form_uid": event.form_uid,
        "authorization_uid": event.authorization_uid,
        "meter_uid": event.meter_uid,
    }
    return {
        "uid": event.uid,
        "type": event.type,
        "ts": event.at.isoformat(timespec="microseconds"),
        "delivery_method": "webhook",
        "delivery_target": event.delivery_target,
        "is_delivered": event.is_delivered if is_delivered is None else is_delivered,
        **{name: uid for name, uid in subject.items() if uid is not None},
    }
