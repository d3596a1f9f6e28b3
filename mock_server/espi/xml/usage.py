"""Payloads of UsagePoint, MeterReading, ReadingType and IntervalBlock (ESPI 4.0)."""

from collections.abc import Iterable
from typing import NamedTuple

from mock_server.domain.records import Service
from mock_server.domain.usage.readings import INTERVAL_SECONDS
from mock_server.espi import codes
from mock_server.espi.codes import COMMODITIES, FLOWS
from mock_server.espi.content.reading_series import ReadingSeries
from mock_server.espi.xml.spelling import Element, Spelling


def usage_point(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 UsagePoint."""
    return make(
        "UsagePoint",
        make("ServiceCategory", make("kind", COMMODITIES[service.kind].service_kind)),
        make("serviceDeliveryPoint", make("tariffProfile", service.tariff)),
    )


def meter_reading(make: Spelling) -> Element:
    """ESPI 4.0 MeterReading: empty; the entry's links carry the information."""
    return make("MeterReading")


def reading_type(make: Spelling, service: Service, series: ReadingSeries) -> Element:
    """ESPI 4.0 ReadingType of a series. Like the real system, it has no default quality."""
    commodity = COMMODITIES[service.kind]
    return make(
        "ReadingType",
        make("accumulationBehaviour", series.accumulation),
        make("commodity", commodity.commodity),
        make("currency", codes.US_DOLLAR),
        make("flowDirection", FLOWS[series.flow]),
        make("intervalLength", INTERVAL_SECONDS[service.kind]),
        make("kind", series.measurement),
        make.optional("phase", commodity.phase),
        make("powerOfTenMultiplier", series.multiplier),
        make("uom", series.unit),
    )


class Written(NamedTuple):
    """The values of one IntervalReading. Strings serve as placeholders in a template; None is omitted.

    `tier` is ESPI's consumptionTier, and `window` is its tou.
    """

    start: int | str
    value: int | str
    cost: int | str | None = None
    tier: int | str | None = None
    window: int | str | None = None


def interval_block(
    make: Spelling,
    *,
    start: int | str,
    duration: int | str,
    interval: int,
    quality: int | None = None,
    readings: Iterable[Written],
) -> Element:
    """ESPI 4.0 IntervalBlock of readings that each cover `interval` seconds.

    `quality` marks readings that the meter did not send (QualityOfReading: 7 edited, 8 estimated).
    """
    return make(
        "IntervalBlock",
        make("interval", make("duration", duration), make("start", start)),
        *(
            make(
                "IntervalReading",
                make.optional("cost", reading.cost),
                None if quality is None else make("ReadingQuality", make("quality", quality)),
                make("timePeriod", make("duration", interval), make("start", reading.start)),
                make("value", reading.value),
                make.optional("consumptionTier", reading.tier),
                make.optional("tou", reading.window),
            )
            for reading in readings
        ),
    )
