"""Interval: the readings of one meter in one billing period."""

import json
from datetime import timedelta

from mock_server.actions.reading.shares import ReadingSet, Share, SharedMeter, interval_uid
from mock_server.api.call import Call
from mock_server.api.objects.bill import Source
from mock_server.api.objects.meter import serialize_base
from mock_server.api.objects.readings import serialize_readings
from mock_server.api.objects.shape import Note, Shape, Timestamp
from mock_server.api.times import in_utc


class IntervalBase(Shape):
    """The meter of the readings, and their quality."""

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
    """One reading, with its start and end. `kwh` is null for gas and water."""

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


def interval_json(call: Call, share: Share, shared: SharedMeter, chosen: ReadingSet) -> str:
    """The Interval object as JSON. Its many readings are inserted as text."""
    interval = serialize_interval(call, share, shared, chosen).to_json().decode()
    readings = json.dumps(list(serialize_readings(call.sandbox, share, shared, chosen)))
    return f'{interval[:-1]},"readings":{readings}}}'


def serialize_interval(call: Call, share: Share, shared: SharedMeter, chosen: ReadingSet) -> Interval:
    """The Interval object of utilityapi.md §6 without its readings."""
    base, uid = serialize_base(share, shared), shared.meter.authorization_uid
    lag = timedelta(hours=call.sandbox.settings.publication_lag_hours)
    address = f"{call.links.batch_subscription(uid)}/UsagePoint/{shared.meter.uid}"
    return Interval(
        uid=interval_uid(shared.meter.uid, chosen),
        meter_uid=shared.meter.uid,
        authorization_uid=uid,
        created=in_utc(shared.meter.created),
        updated=in_utc(max(shared.meter.created, chosen.visible.end + lag)),
        utility=call.owner.utility,
        notes=[],
        blocks=["base", "sources", "readings"],
        base=IntervalBase(
            service_identifier=base.service_identifier,
            service_tariff=base.service_tariff,
            service_address=base.service_address,
            meter_numbers=base.meter_numbers,
            qualities=["revenue"],
        ),
        sources=[Source(type="greenbutton_cmd", raw_url=address)],
    )
