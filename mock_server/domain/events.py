"""What can happen that a third party wants to hear of (utilityapi.md §7): the types of events, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

EventType: TypeAlias = Literal[
    "ping",
    "form_created",
    "authorization_created",
    "authorization_declined",
    "authorization_renewed",
    "authorization_update_started",
    "authorization_update_delayed",
    "authorization_update_retrying",
    "authorization_update_progress",
    "authorization_update_finished_successful",
    "authorization_update_finished_errored",
    "authorization_expiring_soon",
    "authorization_expired",
    "authorization_revoked",
    "meter_created",
    "meter_bills_added",
    "meter_intervals_added",
    "meter_historical_collection_started",
    "meter_historical_collection_delayed",
    "meter_historical_collection_retrying",
    "meter_historical_collection_progress",
    "meter_historical_collection_finished_successful",
    "meter_historical_collection_finished_errored",
]

EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that time alone brought, or will bring, to an authorization or one of its meters."""

    at: datetime
    type: EventType
    authorization_uid: str
    meter_uid: str | None = None


MEANINGS: Final[Mapping[EventType, str]] = {
    "ping": "Somebody pressed the test button of a webhook.",
    "form_created": "A form was made.",
    "authorization_created": "A customer authorized.",
    "authorization_declined": "A customer declined.",
    "authorization_renewed": "A customer's authorization was given again, or its end moved.",
    "authorization_update_started": "The utility's site is being asked for the customer's services.",
    "authorization_update_delayed": "That takes longer than usual.",
    "authorization_update_retrying": "That failed and is tried again.",
    "authorization_update_progress": "That went on.",
    "authorization_update_finished_successful": "All services of the customer are known.",
    "authorization_update_finished_errored": "The services could not be found out.",
    "authorization_expiring_soon": "An authorization ends within 24 hours.",
    "authorization_expired": "An authorization reached its end.",
    "authorization_revoked": "An authorization was revoked, by whomever.",
    "meter_created": "A service was shared.",
    "meter_bills_added": "A meter has a new bill, or one was billed again.",
    "meter_intervals_added": "A meter has new readings, or some were corrected.",
    "meter_historical_collection_started": "A meter's history is being collected.",
    "meter_historical_collection_delayed": "That takes longer than usual.",
    "meter_historical_collection_retrying": "That failed and is tried again.",
    "meter_historical_collection_progress": "That is about half done.",
    "meter_historical_collection_finished_successful": "A meter's history is complete.",
    "meter_historical_collection_finished_errored": "A meter's history could not be collected.",
}
