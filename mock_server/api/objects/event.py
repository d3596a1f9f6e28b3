"""Event: something that happened to a form, an authorization or a meter."""

from mock_server.api.objects.shape import Shape, Timestamp


class Event(Shape):
    """The Event object of utilityapi.md §6, which only names its subject."""

    uid: str
    type: str
    ts: Timestamp
    delivery_method: str
    delivery_target: str | None
    is_delivered: bool
    form_uid: str | None = None
    authorization_uid: str | None = None
    meter_uid: str | None = None


class EventListing(Shape):
    """A page of events."""

    events: list[Event]
    next: str | None


class EventChange(Shape):
    """The body of PATCH /events/{uid}."""

    is_delivered: bool
