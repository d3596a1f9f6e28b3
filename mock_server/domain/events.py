"""The event types that third parties can subscribe to (utilityapi.md §7), with a description of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

HTTP_TIMEOUT: Final = 10.0
"""How long the server waits for a third party's endpoint, in seconds."""

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
    """An event that the passing of time causes for an authorization or one of its meters."""

    at: datetime
    type: EventType
    authorization_uid: str
    meter_uid: str | None = None


MEANINGS: Final[Mapping[EventType, str]] = {
    "ping": "The test button of a webhook was pressed.",
    "form_created": "A form was created.",
    "authorization_created": "A customer authorized.",
    "authorization_declined": "A customer declined.",
    "authorization_renewed": "A customer renewed an authorization, or its end date changed.",
    "authorization_update_started": "The customer's services are being looked up at the utility.",
    "authorization_update_delayed": "The look-up of services takes longer than usual.",
    "authorization_update_retrying": "The look-up of services failed and will be retried.",
    "authorization_update_progress": "The look-up of services made progress.",
    "authorization_update_finished_successful": "All services of the customer were found.",
    "authorization_update_finished_errored": "The look-up of services failed.",
    "authorization_expiring_soon": "An authorization expires within 24 hours.",
    "authorization_expired": "An authorization expired.",
    "authorization_revoked": "An authorization was revoked by the customer, the client or the utility.",
    "meter_created": "A service was shared.",
    "meter_bills_added": "A meter has a new or a reissued bill.",
    "meter_intervals_added": "A meter has new or corrected readings.",
    "meter_historical_collection_started": "A meter's history is being collected.",
    "meter_historical_collection_delayed": "Collecting a meter's history takes longer than usual.",
    "meter_historical_collection_retrying": "Collecting a meter's history failed and will be retried.",
    "meter_historical_collection_progress": "About half of a meter's history is collected.",
    "meter_historical_collection_finished_successful": "A meter's history is complete.",
    "meter_historical_collection_finished_errored": "Collecting a meter's history failed.",
}
