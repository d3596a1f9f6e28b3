"""Bills, readings and meters as CSV: one heading line, timestamps as in JSON, latest first."""

from collections.abc import Iterable, Iterator, Mapping

from mock_server.actions.reading.shares import Share, SharedMeter, issued_bill_periods, reading_sets
from mock_server.api.call import Call
from mock_server.api.objects.bill import BillBase, serialize_bill
from mock_server.api.objects.meter import MeterBase, serialize_meter
from mock_server.api.objects.readings import measured
from mock_server.api.times import in_zone
from mock_server.api.visible_data import FoundMeter
from mock_server.domain.text.csv_lines import csv_lines

_SERVICE = tuple(MeterBase.model_fields)
_BILL = ("uid", "meter_uid", "authorization_uid", "utility", *BillBase.model_fields)
_METER = ("uid", "authorization_uid", "utility", "status", *_SERVICE, "bill_count", "interval_count")
_INTERVAL = ("meter_uid", "service_identifier", "start", "end", "unit", "net", "fwd", "rev")

Row = Mapping[str, object]


def bills_csv(call: Call, meters: Iterable[FoundMeter]) -> Iterator[str]:
    """A line for each bill."""
    rows = (row for share, shared in meters for row in _bill_rows(call, share, shared))
    return csv_lines(_BILL, rows)


def meters_csv(call: Call, meters: Iterable[FoundMeter]) -> Iterator[str]:
    """A line for each meter."""
    return csv_lines(_METER, (_meter_row(call, share, shared) for share, shared in meters))


def intervals_csv(call: Call, meters: Iterable[FoundMeter]) -> Iterator[str]:
    """A line for each reading; `fwd` and `rev` are empty if the meter does not separate directions."""
    rows = (row for share, shared in meters for row in _interval_rows(call, share, shared))
    return csv_lines(_INTERVAL, rows)


def _bill_rows(call: Call, share: Share, shared: SharedMeter) -> Iterator[Row]:
    for period in reversed(issued_bill_periods(share, shared)):
        bill = serialize_bill(call, share, shared, period)
        yield {**bill.model_dump(include=set(_BILL)), **(bill.base.model_dump() if bill.base else {})}


def _meter_row(call: Call, share: Share, shared: SharedMeter) -> Row:
    meter = serialize_meter(call, share, shared)
    return {**meter.model_dump(include=set(_METER)), **(meter.base.model_dump() if meter.base else {})}


def _interval_rows(call: Call, share: Share, shared: SharedMeter) -> Iterator[Row]:
    about = {
        "meter_uid": shared.meter.uid,
        "service_identifier": shared.service.id,
        "unit": shared.tariff.unit,
    }
    for chosen in reversed(reading_sets(call.sandbox, share, shared)):
        for one in measured(call.sandbox, share, shared, chosen):
            span = {"start": in_zone(one.start, share.zone), "end": in_zone(one.end, share.zone)}
            yield {**about, **span, "net": one.net, **dict(one.by_direction)}
