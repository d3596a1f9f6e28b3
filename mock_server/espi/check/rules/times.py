"""Checks the times of readings and blocks (§7.5): unique, in order, without overlap."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final

from mock_server.espi.check.document import Document, Element, Entry, find_text, line_of, payload_of
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.rule import FunctionBlocks
from mock_server.espi.check.types.simple import parse_integer

READING_TWICE: Final = Rule(
    id="D145", severity="error", says="no two readings of a block have the same start"
)
BLOCK_TWICE: Final = Rule(
    id="D146", severity="error", says="no two blocks of a MeterReading have the same start"
)
BLOCK_START: Final = Rule(id="block-start", severity="error", says="a block starts with its first reading")
BLOCK_DURATION: Final = Rule(
    id="block-duration", severity="error", says="a block is as long as its readings together"
)
READING_ORDER: Final = Rule(
    id="reading-order", severity="error", says="readings are in order of time and do not overlap"
)
READING_GAP: Final = Rule(
    id="reading-gap", severity="warning", says="there are no gaps between readings of a block"
)
BLOCK_ORDER: Final = Rule(
    id="block-order", severity="error", says="blocks are in order of time and do not overlap"
)
BLOCK_GAP: Final = Rule(
    id="block-gap", severity="note", says="there are no gaps between blocks of a MeterReading"
)
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
    """ESPI 4.0 §7.5: the readings of an IntervalBlock."""
    payload = payload_of(element) if entry.kind == "IntervalBlock" else None
    if payload is None:
        return
    readings = list(_readings(payload))
    starts: set[int] = set()
    reached: int | None = None
    for reading, (start, end) in readings:
        if start in starts:
            yield _at(
                entry,
                READING_TWICE,
                reading,
                f"Another reading also starts at {_formatted(start)}. Keep one.",
            )
        elif reached is not None and start < reached:
            message = f"The reading at {_formatted(start)} starts before an earlier one ends. Sort and separate them."
            yield _at(entry, READING_ORDER, reading, message)
        elif reached is not None and start > reached:
            message = (
                f"There is a gap from {_formatted(reached)} to {_formatted(start)}. Start a new block there."
            )
            yield _at(entry, READING_GAP, reading, message)
        starts.add(start)
        reached = max(reached or end, end)
    yield from _check_interval(entry, payload, [period for _, period in readings])


def _readings(payload: Element) -> Iterator[tuple[Element, Period]]:
    """The readings of a block that have a period, with the period."""
    for child in payload:
        tag: object = child.tag  # a comment has no text there
        if isinstance(tag, str) and tag.endswith("}IntervalReading"):
            period_tag, start_tag, duration_tag = _period_tags(tag)
            period = next(child.iterchildren(period_tag), None)
            found = _as_period(_text_of(period, start_tag), _text_of(period, duration_tag))
            if found is not None:
                yield child, found


def _text_of(parent: Element | None, tag: str) -> str:
    found = None if parent is None else next(parent.iterchildren(tag), None)
    return "" if found is None else (found.text or "").strip()


@cache
def _period_tags(reading: str) -> tuple[str, str, str]:
    """The tags of a reading's period, start and duration, in the reading's namespace."""
    prefix = reading.removesuffix("IntervalReading")
    return f"{prefix}timePeriod", f"{prefix}start", f"{prefix}duration"


def _check_interval(entry: Entry, payload: Element, readings: Sequence[Period]) -> Iterator[Finding]:
    interval = _period(payload, "interval")
    if interval is None or not readings:
        return
    start, length = interval[0], interval[1] - interval[0]
    first = min(start for start, _ in readings)
    if start != first:
        message = (
            f"The block's interval starts at {_formatted(start)}, but its first reading at {_formatted(first)}. "
            "Make them equal."
        )
        yield _at(entry, BLOCK_START, payload, message)
    total = sum(end - start for start, end in readings)
    if length != total:
        message = (
            f"The block's interval is {length} seconds long, but its readings are {total}. Make them equal."
        )
        yield _at(entry, BLOCK_DURATION, payload, message)


def check_blocks(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §7.5: the IntervalBlocks of a MeterReading."""
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
                f"Another block of this MeterReading also starts at {_formatted(start)}. Keep one.",
            )
        elif reached is not None and start < reached:
            message = (
                f"The block at {_formatted(start)} starts before an earlier one ends. Sort and separate them."
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
    """An RFC 3339 timestamp, or the number if it is beyond the calendar."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _at(entry: Entry, rule: Rule, element: Element, message: str) -> Finding:
    return Finding(rule=rule, line=line_of(element), place=entry.place, message=message)


def _of(entry: Entry, rule: Rule, message: str) -> Finding:
    return Finding(rule=rule, line=entry.line, place=entry.place, message=message)
