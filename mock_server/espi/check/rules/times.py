"""Checks the times of readings and blocks (§7.5): unique, in order, without overlap."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from mock_server.espi.check.document import Document, Element, Entry, find_text, line_of, payload_of
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.rule import FunctionBlocks
from mock_server.espi.check.types.simple import parse_integer

READING_TWICE: Final = Rule(id="D145", severity="error", says="no two readings of a block have one start")
BLOCK_TWICE: Final = Rule(id="D146", severity="error", says="no two blocks of a MeterReading have one start")
BLOCK_START: Final = Rule(id="block-start", severity="error", says="a block starts with its first reading")
BLOCK_DURATION: Final = Rule(
    id="block-duration", severity="error", says="a block lasts as long as its readings"
)
READING_ORDER: Final = Rule(
    id="reading-order", severity="error", says="readings ascend in time, without overlap"
)
READING_GAP: Final = Rule(id="reading-gap", severity="warning", says="readings of a block follow each other")
BLOCK_ORDER: Final = Rule(id="block-order", severity="error", says="blocks ascend in time, without overlap")
BLOCK_GAP: Final = Rule(id="block-gap", severity="note", says="blocks of a MeterReading follow each other")
RULES: Final = (
    READING_TWICE,
    BLOCK_TWICE,
    BLOCK_START,
    BLOCK_DURATION,
    READING_ORDER,
    READING_GAP,
    BLOCK_ORDER,
    BLOCK_GAP,
)

Period = tuple[int, int]
"""Start and end in seconds since 1970."""


def check_readings(entry: Entry, element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §7.5 inside an IntervalBlock."""
    payload = payload_of(element) if entry.kind == "IntervalBlock" else None
    if payload is None:
        return
    found = [
        (one, _period(one, "timePeriod")) for one in payload if str(one.tag).endswith("}IntervalReading")
    ]
    readings = [(one, period) for one, period in found if period is not None]
    starts: set[int] = set()
    reached: int | None = None
    for reading, (start, end) in readings:
        if start in starts:
            yield _at(
                entry, READING_TWICE, reading, f"A second reading starts at {_formatted(start)}. Keep one."
            )
        elif reached is not None and start < reached:
            message = (
                f"The reading of {_formatted(start)} starts before the previous one ends. Sort them by start."
            )
            yield _at(entry, READING_ORDER, reading, message)
        elif reached is not None and start > reached:
            message = f"There is a gap from {_formatted(reached)} to {_formatted(start)}. Start a new block after it."
            yield _at(entry, READING_GAP, reading, message)
        starts.add(start)
        reached = max(reached or end, end)
    yield from _check_interval(entry, payload, [period for _, period in readings])


def _check_interval(entry: Entry, payload: Element, readings: Sequence[Period]) -> Iterator[Finding]:
    interval = _period(payload, "interval")
    if interval is None or not readings:
        return
    start, length = interval[0], interval[1] - interval[0]
    first = min(start for start, _ in readings)
    if start != first:
        message = (
            f"The block's interval starts at {_formatted(start)}, its first reading at {_formatted(first)}. "
            "Make them equal."
        )
        yield _at(entry, BLOCK_START, payload, message)
    total = sum(end - start for start, end in readings)
    if length != total:
        message = f"The block's interval lasts {length} seconds, its readings {total}. Make them one."
        yield _at(entry, BLOCK_DURATION, payload, message)


def check_blocks(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §7.5 between the IntervalBlocks of a MeterReading."""
    by_reading: dict[str, list[Entry]] = defaultdict(list)
    for block in document.of_kind("IntervalBlock"):
        for up in block.hrefs("up")[:1]:
            by_reading[up].append(block)
    for blocks in by_reading.values():
        yield from _check_series(blocks)


def _check_series(blocks: Sequence[Entry]) -> Iterator[Finding]:
    starts: set[int] = set()
    reached: int | None = None
    for block in blocks:
        period = _as_period(block.facts.get("interval/start"), block.facts.get("interval/duration"))
        if period is None:
            continue
        start, end = period
        if start in starts:
            yield _of(
                block,
                BLOCK_TWICE,
                f"A second block of this MeterReading starts at {_formatted(start)}. Keep one.",
            )
        elif reached is not None and start < reached:
            message = (
                f"The block of {_formatted(start)} starts before the previous one ends. Sort them by start."
            )
            yield _of(block, BLOCK_ORDER, message)
        elif reached is not None and start > reached:
            yield _of(
                block, BLOCK_GAP, f"There is no block from {_formatted(reached)} to {_formatted(start)}."
            )
        starts.add(start)
        reached = max(reached or end, end)


def _period(element: Element, name: str) -> Period | None:
    return _as_period(find_text(element, f"{name}/start"), find_text(element, f"{name}/duration"))


def _as_period(start: str | None, duration: str | None) -> Period | None:
    first, length = parse_integer(start or ""), parse_integer(duration or "")
    return None if first is None or length is None else (first, first + length)


def _formatted(seconds: int) -> str:
    """An instant as people read it, or the number where no calendar goes as far."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _at(entry: Entry, rule: Rule, element: Element, message: str) -> Finding:
    return Finding(rule=rule, line=line_of(element), place=entry.place, message=message)


def _of(entry: Entry, rule: Rule, message: str) -> Finding:
    return Finding(rule=rule, line=entry.line, place=entry.place, message=message)
