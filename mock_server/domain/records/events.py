"""Webhooks, events, notifications, and the attempts to deliver them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from mock_server.domain.events import EventType

DeliveryKind: TypeAlias = Literal["events", "notification"]


NO_ANSWER = "no answer in time"
HELD_BACK = "held back by the simulated fault"
"""How `Attempt.problem` begins if no response came, or if a fault stopped the delivery."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A URL that a third party receives events at. An empty `event_types` subscribes to all types."""

    id: str
    client_id: str
    url: str
    event_types: tuple[EventType, ...]
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event for one webhook. With `delivery_target` None it is listed but not sent.

    `due` is the time of the next delivery attempt; None after delivery or after the last attempt. Only the worker
    named in `claimed_by` may send it until `claimed_until` (by the database's clock); a live worker extends its claim.
    """

    uid: str
    type: EventType
    at: datetime
    client_id: str
    authorization_uid: str | None
    meter_uid: str | None
    form_uid: str | None
    delivery_target: str | None
    is_delivered: bool
    first_due: datetime | None
    due: datetime | None
    claimed_by: str | None = None
    claimed_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A BatchList for a client's notify URI (ESPI 4.0, function block 39). Shared fields are as in Event.

    `resources` are URLs relative to the server's base URL, with their query strings.
    """

    uid: str
    at: datetime
    client_id: str
    resources: tuple[str, ...]
    delivery_target: str
    is_delivered: bool
    first_due: datetime | None
    due: datetime | None
    claimed_by: str | None = None
    claimed_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt to deliver events or a notification: the response's status, or the problem if there was none.

    `seconds` is the response time on the machine's clock. `is_forged`: the signature was wrong on purpose.
    """

    uid: str
    kind: DeliveryKind
    client_id: str
    delivery_target: str
    items: tuple[str, ...]
    at: datetime
    status: int | None
    problem: str | None
    seconds: float | None = None
    is_forged: bool = False

    @property
    def has_timed_out(self) -> bool:
        """Whether the attempt ended without a response because of the timeout."""
        return (self.problem or "").startswith(NO_ANSWER)

    @property
    def was_held_back(self) -> bool:
        """Whether a simulated fault stopped the delivery."""
        return (self.problem or "").startswith(HELD_BACK)


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """The data that a notification offers at one URL: changes between two timestamps, available until `expires`."""

    id: str
    client_id: str
    authorization_uids: tuple[str, ...]
    since: datetime
    until: datetime
    expires: datetime
