"""The readings of one meter as the JSON API's simple XML (utilityapi.md §5.3), which is not Green Button.

A feed without ids and titles, relative links, a block for each month with readings newest first. Only `espi`
builds XML from trees; this fixed text is filled in, so that it can be streamed.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from xml.sax.saxutils import escape

from mock_server.actions.reading.shares import Share, SharedMeter, reading_sets
from mock_server.api.call import Call
from mock_server.api.objects.readings import Measured, measured
from mock_server.domain.records import ServiceKind

_KINDS: dict[ServiceKind, int] = {"electric": 0, "gas": 1, "water": 2}
# Unit and power of ten of the first reading type; the second, which nothing here uses, is always there.
_UNITS: dict[ServiceKind, tuple[int, int]] = {"electric": (72, 0), "gas": (169, 0), "water": (128, 0)}
_SCALES: dict[ServiceKind, int] = {"electric": 1000, "gas": 1, "water": 1}

_ENTRY = """<entry>
<link rel="self" href="{href}"/>
<content>
{content}
</content>
</entry>
"""


def intervals_xml(call: Call, share: Share, shared: SharedMeter) -> Iterator[str]:
    """The document, piece by piece."""
    place = f"User/{call.owner.uid}/UsagePoint/{shared.meter.uid}"
    kind = shared.service.kind
    unit, power = _UNITS[kind]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _entry(
        "ApplicationInformation",
        '<ApplicationInformation xmlns="http://naesb.org/espi"><thirdPartyName>UtilityAPI</thirdPartyName>'
        "</ApplicationInformation>",
    )
    yield _entry("ReadingType/01", _reading_type(unit=unit, power=power))
    yield _entry("ReadingType/02", _reading_type(unit=169, power=3))
    yield _entry(
        place,
        f'<UsagePoint xmlns="http://naesb.org/espi"><ServiceCategory><kind>{_KINDS[kind]}</kind></ServiceCategory>'
        "</UsagePoint>",
    )
    yield _entry(f"{place}/MeterReading/01", '<MeterReading xmlns="http://naesb.org/espi"/>')
    for month, readings in groupby(_readings(call, share, shared), key=lambda one: _month(one, share)):
        block = _block(list(readings), share, scale=_SCALES[kind])
        yield _entry(f"{place}/MeterReading/01/IntervalBlock/{month}", block)
    yield "</feed>\n"


def _readings(call: Call, share: Share, shared: SharedMeter) -> Iterator[Measured]:
    for chosen in reversed(reading_sets(call.sandbox, share, shared)):
        yield from measured(call.sandbox, share, shared, chosen)


def _month(one: Measured, share: Share) -> str:
    return f"{one.start.astimezone(share.zone):%Y%m}"


def _entry(href: str, content: str) -> str:
    return _ENTRY.format(href=escape(href), content=content)


def _reading_type(*, unit: int, power: int) -> str:
    return (
        '<ReadingType xmlns="http://naesb.org/espi"><flowDirection>1</flowDirection>'
        f"<powerOfTenMultiplier>{power}</powerOfTenMultiplier><uom>{unit}</uom></ReadingType>"
    )


def _block(readings: list[Measured], share: Share, *, scale: int) -> str:
    """`readings`, newest first."""
    start, end = readings[-1].start, readings[0].end
    lines = "\n".join(_line(one, share, scale=scale) for one in readings)
    return (
        '<IntervalBlock xmlns="http://naesb.org/espi">\n'
        f"<interval>{_period(start, end)}</interval>\n{lines}\n</IntervalBlock>"
    )


def _line(one: Measured, share: Share, *, scale: int) -> str:
    zone = f"{one.start.astimezone(share.zone):%z}"
    period, value = _period(one.start, one.end), f"{one.net * scale:.10g}"
    return (
        f"<IntervalReading><timePeriod>{period}<timezone>{zone}</timezone></timePeriod>"
        f"<value>{value}</value></IntervalReading>"
    )


def _period(start: datetime, end: datetime) -> str:
    return f"<duration>{round((end - start).total_seconds())}</duration><start>{round(start.timestamp())}</start>"
