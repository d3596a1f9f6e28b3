"""What third parties are told of, where to, and how that went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from mock_server.domain.events import EventType

DeliveryKind: TypeAlias = Literal["events", "notification"]


NO_ANSWER = "no answer in time"
HELD_BACK = "held back by the simulated fault"
"""How the problem of a try begins that met no answer, or that was not made."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address that a third party wants events sent to. `event_types` empty: every type."""

    id: str
    client_id: str
    url: str
    event_types: tuple[EventType, ...]
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at `at`, for one webhook; `delivery_target` None: nobody listens, it is only listed.

    `due` is when it is to be sent (again), None once it was delivered or given up. The sender that `claimed_by` names
    has it alone until `claimed_until`, by the database's clock, which it moves on as long as it lives.
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
    """A BatchList for a client's notify URI (ESPI 4.0, function block 39); the other columns as those of an event.

    `resources` are addresses below the server's base, queries included.
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
    """One try to deliver a parcel: the answer's status, or the problem that there was none.

    `seconds` is how long the answer took on the machine's clock. `is_forged`: it was signed wrongly on purpose.
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
        """Whether there was neither an answer nor a broken connection before we gave up."""
        return (self.problem or "").startswith(NO_ANSWER)

    @property
    def was_held_back(self) -> bool:
        """Whether a simulated fault kept it from being sent."""
        return (self.problem or "").startswith(HELD_BACK)


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What one notification offers under one address: changes between two instants, for a while."""

    id: str
    client_id: str
    authorization_uids: tuple[str, ...]
    since: datetime
    until: datetime
    expires: datetime
