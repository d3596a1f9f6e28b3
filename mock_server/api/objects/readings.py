"""The readings of a meter in one billing period, latest first, for JSON, CSV and XML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mock_server.actions.reading.shares import ReadingSet, Share, SharedMeter, territory_of
from mock_server.api.times import in_zone
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT
from mock_server.domain.usage.simulation import read_meter
from mock_server.sandbox import Sandbox

# The real system's names of the two directions are not known.
_DATAPOINTS = {"net": "net", "forward": "fwd", "reverse": "rev"}


@dataclass(frozen=True)
class Measured:
    """One reading in the bill's unit: net, and each direction by its name in the API."""

    start: datetime
    end: datetime
    net: float
    by_direction: tuple[tuple[str, float], ...]


def measured(sandbox: Sandbox, share: Share, shared: SharedMeter, chosen: ReadingSet) -> Iterator[Measured]:
    """Latest first."""
    service, territory = shared.service, territory_of(sandbox, share)
    read = {
        flow: read_meter(territory, service, chosen.visible, flow=flow, as_of=share.now)
        for flow in service.flows
    }
    units = UNITS_PER_BILL_UNIT[service.kind]
    net = read.get("net", read["forward"])
    names = ("net",) if len(read) == 1 else tuple(_DATAPOINTS[flow] for flow in service.flows)
    columns = [read[flow].values.tolist() for flow in service.flows]
    length = timedelta(seconds=net.interval_seconds)
    for place in range(len(net.starts) - 1, -1, -1):
        start = datetime.fromtimestamp(int(net.starts[place]), UTC)
        values = tuple((name, column[place] / units) for name, column in zip(names, columns, strict=True))
        yield Measured(start, start + length, int(net.values[place]) / units, values)


def serialize_readings(
    sandbox: Sandbox, share: Share, shared: SharedMeter, chosen: ReadingSet
) -> Iterator[dict[str, object]]:
    """Reading objects, written without pydantic, which would take fifteen times as long (the tests compare the two).

    `kwh` is the net, null for what is not electricity; each datapoint names its unit.
    """
    unit = shared.tariff.unit
    for one in measured(sandbox, share, shared, chosen):
        yield {
            "start": in_zone(one.start, share.zone),
            "end": in_zone(one.end, share.zone),
            "kwh": one.net if unit == "kwh" else None,
            "datapoints": [{"type": name, "unit": unit, "value": value} for name, value in one.by_direction],
        }
