"""Checks what the claimed function blocks require of a document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mock_server.espi.check.document import Document, Element, Entry, find_text, line_of, payload_of
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.function_blocks import DEMANDS, Demand, Need, Presence, Reading
from mock_server.espi.check.rules.rule import FunctionBlocks
from mock_server.espi.check.types.lookup import USAGE_NAMESPACE
from mock_server.espi.check.types.simple import parse_integer

IS_FEED: Final = Rule(id="D000", severity="error", says="the document is a feed")
SOME_START: Final = Rule(
    id="D042", severity="error", says="a block starts at the start of one of its readings"
)
PHASE: Final = Rule(id="D064", severity="error", says="each ReadingType for electricity has phase")
ANY_BLOCK: Final = Rule(
    id="D026", severity="error", says="each MeterReading of delta data has an IntervalBlock"
)
RULES: Final = (
    IS_FEED,
    SOME_START,
    PHASE,
    ANY_BLOCK,
    *(demand.rule for demands in DEMANDS.values() for demand in demands),
)
_CODES: Final = ("accumulationBehaviour", "commodity", "flowDirection", "kind", "uom")


def check_needs(entry: Entry, element: Element, claimed: FunctionBlocks) -> Iterator[Finding]:
    """Checks what each claimed function block requires of a payload."""
    payload = payload_of(element)
    if payload is None or entry.namespace != USAGE_NAMESPACE:
        return
    for block, demand in _of_claimed(claimed):
        if not isinstance(demand, Need) or entry.kind not in demand.kinds:
            continue
        if demand.inside is not None and find_text(payload, demand.inside) is None:
            continue
        for path in demand.paths:
            if find_text(payload, path) is None:
                message = f"{entry.kind} has no {path}. Function block {block} requires it."
                yield Finding(rule=demand.rule, line=line_of(payload), place=entry.place, message=message)
    if 5 in claimed and entry.facts.get("commodity") == "1" and find_text(payload, "phase") is None:
        message = (
            "The ReadingType is for electricity but has no phase. Function block 5 requires it; 769 is usual."
        )
        yield Finding(rule=PHASE, line=line_of(payload), place=entry.place, message=message)
    if 4 in claimed and entry.kind == "IntervalBlock" and not _starts_with_a_reading(payload):
        message = "The block's interval/start is not the start of one of its readings. Function block 4 requires this."
        yield Finding(rule=SOME_START, line=line_of(payload), place=entry.place, message=message)


def _starts_with_a_reading(payload: Element) -> bool:
    starts = {
        find_text(child, "timePeriod/start")
        for child in payload
        if str(child.tag).endswith("}IntervalReading")
    }
    start = find_text(payload, "interval/start")
    return start is None or start in starts


def check_claims(document: Document, claimed: FunctionBlocks) -> Iterator[Finding]:
    """Checks what each claimed function block requires of a feed."""
    if not claimed & DEMANDS.keys():
        return
    if document.feed is None:
        message = "The document is not a feed. Only a feed can satisfy function blocks about data."
        yield Finding(rule=IS_FEED, line=document.line, place=document.root, message=message)
        return
    for block, demand in _of_claimed(claimed):
        if isinstance(demand, Presence) and not _has(document, demand):
            yield _missing(document, demand, f"The feed has no {' or '.join(demand.kinds)}.", block)
        if isinstance(demand, Reading) and not _has_reading(document, demand):
            required = " or ".join(", ".join(_named(codes)) for codes in demand.codes)
            below = (
                "" if demand.service_kind is None else f" below a UsagePoint of kind {demand.service_kind}"
            )
            yield _missing(document, demand, f"No ReadingType{below} has {required}.", block)
    if 4 in claimed:
        yield from _check_delta_blocks(document)


def _check_delta_blocks(document: Document) -> Iterator[Finding]:
    types = {entry.self_href: entry for entry in document.of_kind("ReadingType")}
    ups = {up for block in document.of_kind("IntervalBlock") for up in block.hrefs("up")}
    for reading in document.of_kind("MeterReading"):
        related = reading.hrefs("related")
        is_delta = any(
            types[href].facts.get("accumulationBehaviour") == "4" for href in related if href in types
        )
        if is_delta and ups.isdisjoint(related):
            message = (
                "Its ReadingType is for delta data, but it has no IntervalBlock. Add one, or fix the links."
            )
            yield Finding(rule=ANY_BLOCK, line=reading.line, place=reading.place, message=message)


def _has(document: Document, demand: Presence) -> bool:
    return any(entry.namespace == USAGE_NAMESPACE for entry in document.of_kind(*demand.kinds))


def _has_reading(document: Document, demand: Reading) -> bool:
    matching = [
        entry
        for entry in document.of_kind("ReadingType")
        if any(_matches(entry.facts, codes) for codes in demand.codes)
    ]
    if demand.service_kind is None or not matching:
        return bool(matching)
    selves = {entry.self_href for entry in matching}
    points = document.of_kind("UsagePoint")
    kind = str(demand.service_kind)
    related = {
        href
        for point in points
        if point.facts.get("ServiceCategory/kind") == kind
        for href in point.hrefs("related")
    }
    readings = [
        entry for entry in document.of_kind("MeterReading") if not selves.isdisjoint(entry.hrefs("related"))
    ]
    return any(not related.isdisjoint(reading.hrefs("up")) for reading in readings)


def _matches(facts: Mapping[str, str], codes: Sequence[int | None]) -> bool:
    found = [parse_integer(facts.get(name, "")) for name in _CODES]
    return all(code is None or code == number for code, number in zip(codes, found, strict=True))


def _named(codes: Sequence[int | None]) -> list[str]:
    return [f"{name} {code}" for name, code in zip(_CODES, codes, strict=True) if code is not None]


def _of_claimed(claimed: FunctionBlocks) -> Iterator[tuple[int, Demand]]:
    for block in sorted(claimed & DEMANDS.keys()):
        for demand in DEMANDS[block]:
            yield block, demand


def _missing(document: Document, demand: Demand, message: str, block: int) -> Finding:
    return Finding(
        rule=demand.rule,
        line=document.line,
        place=document.root,
        message=f"{message} Function block {block} requires it.",
    )
