"""Checks links between entries (§6.4). A link must equal its target's link exactly."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mock_server.espi.check.document import Document, Entry
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.rule import FunctionBlocks, quoted
from mock_server.espi.check.types.lookup import CUSTOMER_NAMESPACE, USAGE_NAMESPACE

SUMMARIES: Final = ("UsageSummary", "ElectricPowerUsageSummary")


@dataclass(frozen=True, kw_only=True)
class _ParentRule:
    """A parent relation: the up link of each child is a related link of exactly one parent."""

    rule: Rule
    children: tuple[str, ...]
    parent: str
    namespace: str
    block: int | None = None
    """The function block that requires the parent in the same feed."""


def _parent_rule(rule_id: str, children: tuple[str, ...], parent: str, **more: int) -> _ParentRule:
    says = f"the up link of {' or '.join(children)} is a related link of exactly one {parent}"
    namespace = CUSTOMER_NAMESPACE if rule_id == "customer-up" else USAGE_NAMESPACE
    rule = Rule(id=rule_id, severity="error", says=says)
    return _ParentRule(
        rule=rule, children=children, parent=parent, namespace=namespace, block=more.get("block")
    )


KIN: Final = (
    _parent_rule("D023", ("MeterReading",), "UsagePoint", block=4),
    _parent_rule("D037", ("IntervalBlock",), "MeterReading", block=4),
    _parent_rule("D088", SUMMARIES, "UsagePoint", block=15),
    _parent_rule("quality-up", ("ElectricPowerQualitySummary",), "UsagePoint", block=17),
    _parent_rule("customer-up", ("CustomerAccount",), "Customer"),
    _parent_rule("customer-up", ("CustomerAgreement",), "CustomerAccount"),
    _parent_rule(
        "customer-up", ("ServiceLocation", "ServiceSupplier", "ProgramDateIdMappings"), "CustomerAgreement"
    ),
    _parent_rule("customer-up", ("Meter", "EndDevice"), "ServiceLocation"),
)
_UNIQUE: Final[Mapping[tuple[str, ...], Rule]] = {
    kinds: Rule(id=number, severity="error", says=f"no two {kinds[0]} entries have the same self link")
    for kinds, number in {
        ("LocalTimeParameters",): "D143",
        ("UsagePoint",): "D014",
        ("IntervalBlock",): "D035",
        ("MeterReading",): "D021",
        ("ReadingType",): "D052",
        SUMMARIES: "D086",
        ("ElectricPowerQualitySummary",): "D133",
    }.items()
}
_NUMBERED: Final = frozenset(kind for kinds in _UNIQUE for kind in kinds)
OTHER_UNIQUE: Final = Rule(id="self-unique", severity="error", says="no two entries have the same self link")
TIME_USED: Final = Rule(
    id="D135", severity="error", says="a UsagePoint has a related link to LocalTimeParameters"
)
POINT_TIME: Final = Rule(
    id="D007", severity="error", says="a UsagePoint links to exactly one LocalTimeParameters"
)
POINT_RELATED: Final = Rule(id="D016", severity="error", says="a UsagePoint has related links")
READING_TYPE: Final = Rule(
    id="D024", severity="error", says="a MeterReading links to exactly one ReadingType"
)
READING_LINKS: Final = Rule(
    id="D054", severity="error", says="a MeterReading has exactly one related link to a ReadingType"
)
READING_BLOCKS: Final = Rule(id="D025", severity="error", says="each MeterReading has an IntervalBlock")
SUMMARY_POINT: Final = Rule(
    id="summary-usage-point", severity="warning", says="a UsageSummary links to exactly one UsagePoint"
)
CUSTOMER_TIME: Final = Rule(
    id="customer-time", severity="warning", says="LocalTimeParameters of a customer links to the Customer"
)
RULES: Final = (
    *(kin.rule for kin in KIN),
    *_UNIQUE.values(),
    OTHER_UNIQUE,
    TIME_USED,
    POINT_TIME,
    POINT_RELATED,
    READING_TYPE,
    READING_LINKS,
    READING_BLOCKS,
    SUMMARY_POINT,
    CUSTOMER_TIME,
)


def check_parents(document: Document, claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.4, in feeds with the parents. An update may omit them (function block 19)."""
    for kin in KIN:
        parents = [entry for entry in document.of_kind(kin.parent) if entry.namespace == kin.namespace]
        if not parents and kin.block not in claimed:
            continue
        related = Counter(href for parent in parents for href in set(parent.hrefs("related")))
        for child in document.of_kind(*kin.children):
            for up in child.hrefs("up")[:1]:
                if child.namespace == kin.namespace and related[up] != 1:
                    message = (
                        f"The up link {quoted(up)} must be a related link of exactly one {kin.parent},"
                        f" character by character; it is one of {related[up]}."
                    )
                    yield _at(child, kin.rule, message)


def check_selves(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.4: a self link identifies one resource."""
    for kinds, rule in _UNIQUE.items():
        yield from _duplicates(document.of_kind(*kinds), rule)
    yield from _duplicates([entry for entry in document.entries if entry.kind not in _NUMBERED], OTHER_UNIQUE)


def _duplicates(entries: Sequence[Entry], rule: Rule) -> Iterator[Finding]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        href = entry.self_href
        if href and href in seen:
            message = f"The entry in line {seen[href].line} has the same self link. Give each entry its own."
            yield _at(entry, rule, message)
        seen.setdefault(href, entry)


def check_local_times(document: Document, claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.4: each UsagePoint links to exactly one LocalTimeParameters."""
    points = [entry for entry in document.of_kind("UsagePoint") if entry.namespace == USAGE_NAMESPACE]
    times = [entry for entry in document.of_kind("LocalTimeParameters") if entry.namespace == USAGE_NAMESPACE]
    for point in points:
        if not point.hrefs("related"):
            yield _at(
                point,
                POINT_RELATED,
                "The entry has no related links. Add links to its MeterReadings and LocalTimeParameters.",
            )
    if not (points and times) and 1 not in claimed:
        return
    related = {href for point in points for href in point.hrefs("related")}
    for time in times:
        if time.self_href not in related:
            yield _at(
                time,
                TIME_USED,
                "No UsagePoint in the feed links to this entry. Add its self link as a related link to one.",
            )
    selves = Counter(time.self_href for time in times)
    for point in points:
        count = sum(selves[href] for href in set(point.hrefs("related")))
        if count != 1:
            message = (
                f"Its related links lead to {count} LocalTimeParameters of the feed. Link to exactly one."
            )
            yield _at(point, POINT_TIME, message)


def check_reading_types(document: Document, claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.4: each MeterReading links to one ReadingType, and to its blocks."""
    readings, types = document.of_kind("MeterReading"), document.of_kind("ReadingType")
    blocks = document.of_kind("IntervalBlock")
    selves = Counter(entry.self_href for entry in types)
    ups = {up for block in blocks for up in block.hrefs("up")}
    for reading in readings:
        related = reading.hrefs("related")
        if types or 4 in claimed:
            links = sum(href in selves for href in related)
            entries = sum(selves[href] for href in set(related))
            if entries != 1:
                message = (
                    f"Its related links lead to {entries} ReadingTypes of the feed. Link to exactly one."
                )
                yield _at(reading, READING_TYPE, message)
            if links != 1:
                message = f"{links} of its related links lead to ReadingTypes. Keep exactly one."
                yield _at(reading, READING_LINKS, message)
        if (blocks or 4 in claimed) and ups.isdisjoint(related):
            yield _at(
                reading,
                READING_BLOCKS,
                "No IntervalBlock in the feed has an up link that equals one of its related links.",
            )


def check_back_links(document: Document, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """Checks related links to parents, which newer certification requires."""
    selves: dict[str, list[str]] = defaultdict(list)
    for entry in document.entries:
        selves[entry.kind].append(entry.self_href)
    for summary in document.of_kind("UsageSummary"):
        count = sum(href in selves["UsagePoint"] for href in set(summary.hrefs("related")))
        if selves["UsagePoint"] and count != 1:
            message = f"Its related links lead to {count} UsagePoints of the feed. Link to exactly the one it is about."
            yield _at(summary, SUMMARY_POINT, message)
    for time in document.of_kind("LocalTimeParameters"):
        is_about_customer = time.namespace == CUSTOMER_NAMESPACE and selves["Customer"]
        if is_about_customer and not set(time.hrefs("related")) & set(selves["Customer"]):
            yield _at(
                time, CUSTOMER_TIME, "None of its related links leads to a Customer in the feed. Add one."
            )


def _at(entry: Entry, rule: Rule, message: str) -> Finding:
    return Finding(rule=rule, line=entry.line, place=entry.place, message=message)
