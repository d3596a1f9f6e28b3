"""Serializes a billing period's readings."""

import json
from datetime import timedelta

from mock_server.actions.reading.shares import ReadingSet, Share, SharedMeter, interval_uid
from mock_server.api.call import Call
from mock_server.api.objects.bill import Source
from mock_server.api.objects.interval import Interval, IntervalBase
from mock_server.api.serialize.meter import serialize_base
from mock_server.api.serialize.readings import serialize_readings
from mock_server.api.times import in_utc


def interval_json(call: Call, share: Share, shared: SharedMeter, chosen: ReadingSet) -> str:
    """The Interval object as JSON: its readings are put in as text, for they are many."""
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
