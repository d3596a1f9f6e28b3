"""The certification suite's assertions for each function block (§10.5), as data.

Omits D004 and D028, which cannot fail, and assertions that `envelope`, `feed` and `links` check for every document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mock_server.espi.check.findings import Rule
from mock_server.espi.check.rules.links import SUMMARIES
from mock_server.espi.check.rules.rule import FunctionBlocks


class BlocksMistake(Exception):
    """The list of function blocks is invalid. The message is a sentence."""


BLOCK: Final = ("IntervalBlock",)
TYPE: Final = ("ReadingType",)
QUALITY: Final = ("ElectricPowerQualitySummary",)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """A feed has at least one entry of these kinds."""

    rule: Rule
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Need:
    """Each payload of these kinds has all the paths. With `inside`, only payloads with that element count."""

    rule: Rule
    kinds: tuple[str, ...]
    paths: tuple[str, ...]
    inside: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """At least one ReadingType has these codes. If `service_kind` is given, it belongs to a UsagePoint of that kind.

    `codes` are alternatives of (accumulationBehaviour, commodity, flowDirection, kind, uom). None allows any value.
    """

    rule: Rule
    codes: tuple[tuple[int | None, ...], ...]
    service_kind: int | None = None


Demand = Presence | Need | Reading


def _rule(number: int, says: str) -> Rule:
    return Rule(id=f"D{number:03}", severity="error", says=says)


def _present(number: int, *kinds: str) -> Presence:
    return Presence(rule=_rule(number, f"a feed has a {kinds[0]}"), kinds=kinds)


def _needs(kinds: tuple[str, ...], paths: Mapping[int, str]) -> tuple[Need, ...]:
    return tuple(
        Need(rule=_rule(number, f"each {kinds[0]} has {path}"), kinds=kinds, paths=(path,))
        for number, path in paths.items()
    )


def _inside(number: int, name: str, *parts: str, kinds: tuple[str, ...] = SUMMARIES) -> Need:
    rule = _rule(number, f"{name} has {' and '.join(parts)}")
    return Need(rule=rule, kinds=kinds, paths=tuple(f"{name}/{part}" for part in parts), inside=name)


def _reading(
    number: int, says: str, *codes: tuple[int | None, ...], service_kind: int | None = None
) -> Reading:
    return Reading(rule=_rule(number, f"a ReadingType is for {says}"), codes=codes, service_kind=service_kind)


_GAS = (
    *((4, 7, 1, 12, unit) for unit in (31, 132, 169)),
    *((None, None, None, 58, unit) for unit in (42, 119)),
)
_WATER = tuple((4, 9, 1, 58, unit) for unit in (128, 119, 42))

DEMANDS: Final[Mapping[int, tuple[Demand, ...]]] = {
    1: (
        _present(136, "LocalTimeParameters"),
        _present(6, "UsagePoint"),
        *_needs(("UsagePoint",), {8: "ServiceCategory/kind"}),
    ),
    4: (
        _present(32, "IntervalBlock"),
        _present(27, "MeterReading"),
        _present(49, "ReadingType"),
        *_needs(
            BLOCK,
            {
                39: "interval/start",
                38: "interval/duration",
                44: "IntervalReading/timePeriod/duration",
                45: "IntervalReading/timePeriod/start",
                46: "IntervalReading/value",
            },
        ),
        *_needs(TYPE, {62: "intervalLength", 63: "kind", 65: "powerOfTenMultiplier", 68: "uom"}),
    ),
    5: (_reading(78, "electricity delivered", (4, 1, 1, 12, 72), service_kind=0),),
    6: (
        _reading(72, "apparent demand", (12, 1, 1, 12, 61)),
        _reading(73, "reactive demand", (12, 1, 1, 12, 63)),
        _reading(71, "real demand", (12, 1, 1, 37, 38)),
    ),
    7: (_reading(74, "net energy", (4, 1, 4, 12, 72)),),
    8: (_reading(76, "energy received", (4, 1, 19, 12, 72)),),
    9: (_reading(77, "register readings", (1, 1, 1, 12, 72)),),
    10: (_reading(79, "gas", *_GAS, service_kind=1),),
    11: (_reading(80, "water", *_WATER, service_kind=2),),
    12: (*_needs(BLOCK, {43: "IntervalReading/cost"}), *_needs(TYPE, {58: "currency"})),
    15: (
        _present(83, *SUMMARIES),
        *_needs(
            SUMMARIES,
            {
                89: "billingPeriod/duration",
                90: "billingPeriod/start",
                81: "overallConsumptionLastPeriod",
                99: "qualityOfReading",
                100: "statusTimeStamp",
            },
        ),
        _inside(95, "currentBillingPeriodOverAllConsumption", "powerOfTenMultiplier"),
        _inside(96, "currentBillingPeriodOverAllConsumption", "timeStamp"),
        _inside(97, "currentBillingPeriodOverAllConsumption", "uom"),
        _inside(98, "currentBillingPeriodOverAllConsumption", "value"),
    ),
    16: _needs(SUMMARIES, {91: "billLastPeriod", 93: "costAdditionalLastPeriod", 94: "currency"}),
    17: (
        _present(126, *QUALITY),
        *_needs(
            QUALITY,
            {
                113: "flickerPlt",
                114: "flickerPst",
                115: "harmonicVoltage",
                116: "longInterruptions",
                117: "mainsVoltage",
                118: "powerFrequency",
                119: "rapidVoltageChanges",
                120: "shortInterruptions",
                121: "summaryInterval",
                122: "supplyVoltageDips",
                123: "supplyVoltageImbalance",
                124: "supplyVoltageVariations",
                125: "tempOvervoltage",
            },
        ),
        _inside(134, "summaryInterval", "duration", "start", kinds=QUALITY),
    ),
    27: (
        *_needs(
            SUMMARIES,
            {
                103: "ratchetDemand",
                104: "ratchetDemandPeriod",
                105: "peakDemand",
                106: "currentDayOverallConsumption/powerOfTenMultiplier",
                107: "previousDayOverallConsumption/powerOfTenMultiplier",
            },
        ),
        _inside(108, "ratchetDemand", "powerOfTenMultiplier", "uom"),
        _inside(109, "ratchetDemandPeriod", "duration", "start"),
        _inside(110, "peakDemand", "powerOfTenMultiplier", "uom"),
        _inside(111, "currentDayOverallConsumption", "powerOfTenMultiplier", "uom"),
        _inside(112, "previousDayOverallConsumption", "powerOfTenMultiplier", "uom"),
    ),
    28: _needs(SUMMARIES, {92: "billToDate"}),
    29: (_reading(147, "temperature in Kelvin", (None, None, None, 46, 6)),),
}
"""By function block. Other function blocks are about servers, and require nothing of a document."""


def read_blocks(text: str) -> FunctionBlocks:
    """Parses numbers separated by commas, spaces, or underscores as in a scope. Raises BlocksMistake."""
    words = text.removeprefix("FB=").replace(",", " ").replace("_", " ").split()
    wrong = [word for word in words if not (word.isascii() and word.isdigit() and len(word) < 4)]
    if wrong:
        raise BlocksMistake(
            f"{wrong[0]!r} is not a function block. Use numbers and commas, such as 1,4,5,15."
        )
    return frozenset(int(word) for word in words)
