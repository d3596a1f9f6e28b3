"""Interval: the readings of one meter in one billing period."""

from mock_server.api.objects.bill import Source
from mock_server.api.objects.shape import Note, Shape, Timestamp


class IntervalBase(Shape):
    """Whose readings, and how good they are."""

    service_identifier: str
    service_tariff: str
    service_address: str
    meter_numbers: list[str]
    qualities: list[str]


class Datapoint(Shape):
    """One value of a reading: net, or by direction."""

    type: str
    unit: str
    value: float


class Reading(Shape):
    """What was measured between two instants. `kwh` is null for what is not electricity."""

    start: Timestamp
    end: Timestamp
    kwh: float | None
    datapoints: list[Datapoint]


class Interval(Shape):
    """The Interval object of utilityapi.md §6."""

    uid: str
    meter_uid: str
    authorization_uid: str
    created: Timestamp
    updated: Timestamp
    utility: str
    notes: list[Note]
    blocks: list[str]
    base: IntervalBase | None = None
    sources: list[Source] | None = None
    readings: list[Reading] | None = None


class IntervalListing(Shape):
    """A page of intervals."""

    intervals: list[Interval]
    next: str | None
