"""Payloads about readings: UsagePoint, MeterReading, ReadingType, IntervalBlock (ESPI 4.0)."""

from collections.abc import Iterable

from mock_server.core.readings import INTERVAL_SECONDS
from mock_server.core.records import Service
from mock_server.espi import codes
from mock_server.espi.codes import COMMODITIES
from mock_server.espi.xml.spelling import Element, Spelling


def usage_point(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 UsagePoint."""
    return make(
        "UsagePoint",
        make("ServiceCategory", make("kind", COMMODITIES[service.kind].service_kind)),
        make("serviceDeliveryPoint", make("tariffProfile", service.tariff)),
    )


def meter_reading(make: Spelling) -> Element:
    """ESPI 4.0 MeterReading: empty, its links say all."""
    return make("MeterReading")


def reading_type(make: Spelling, service: Service, flow: int) -> Element:
    """ESPI 4.0 ReadingType of consumption per interval; as in the real system, it names no default quality."""
    commodity = COMMODITIES[service.kind]
    return make(
        "ReadingType",
        make("accumulationBehaviour", codes.DELTA_DATA),
        make("commodity", commodity.commodity),
        make("currency", codes.US_DOLLAR),
        make("flowDirection", flow),
        make("intervalLength", INTERVAL_SECONDS[service.kind]),
        make("kind", commodity.measurement),
        make.optional("phase", commodity.phase),
        make("powerOfTenMultiplier", commodity.multiplier),
        make("uom", commodity.unit),
    )


def interval_block(
    make: Spelling,
    *,
    start: int | str,
    duration: int | str,
    interval: int,
    quality: int | None = None,
    readings: Iterable[tuple[int | str, int | str]],
) -> Element:
    """ESPI 4.0 IntervalBlock: readings as start and published value, each `interval` seconds long.

    `quality` is told where readings are not as the meter sent them (QualityOfReading: 7 edited, 8 estimated).

    Texts in place of numbers make the template of `espi.readings`.
    """
    return make(
        "IntervalBlock",
        make("interval", make("duration", duration), make("start", start)),
        *(
            make(
                "IntervalReading",
                None if quality is None else make("ReadingQuality", make("quality", quality)),
                make("timePeriod", make("duration", interval), make("start", begin)),
                make("value", value),
            )
            for begin, value in readings
        ),
    )
