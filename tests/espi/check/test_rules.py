"""Every rule has a valid document that satisfies it, and a document that breaks it."""

import re
from collections.abc import Iterator

import pytest
from lxml import etree

from mock_server.espi.check.check import RULES, check_document
from mock_server.espi.check.findings import Report
from mock_server.espi.check.rules.envelope import PRESENCE
from mock_server.espi.check.rules.feed import PARTS
from mock_server.espi.check.rules.function_blocks import DEMANDS, Need, Presence, Reading, read_blocks
from mock_server.espi.check.rules.rule import quoted
from tests.espi.check.samples import (
    CERTIFICATE,
    NAMES,
    SAMPLES,
    Edit,
    add,
    again,
    attribute,
    corrupted,
    drop,
    find,
    first_to_end,
    put,
    write,
)

ALL_BLOCKS = frozenset(DEMANDS)
NONE = frozenset[int]()


def of(kind: str, rest: str = "", prefix: str = "e") -> str:
    """The XPath of entries of a kind."""
    return f"//a:entry[a:content/{prefix}:{kind}]{rest}"


def href(kind: str, relation: str, value: str, place: int = 1, prefix: str = "e") -> Edit:
    return attribute(f"({of(kind, '', prefix)})[{place}]/a:link[@rel='{relation}']", "href", value)


def same_self(kind: str) -> Edit:
    """Sets the self link of the second entry of a kind to that of the first."""

    def edit(root: object) -> None:
        links = find(root, of(kind, "/a:link[@rel='self']"))  # type: ignore[arg-type]
        links[1].set("href", str(links[0].get("href")))

    return edit


def doubled(kind: str) -> Edit:
    return again(of(kind))


FIRST_BLOCK = f"({of('IntervalBlock')})[1]//"
SECOND_BLOCK = f"({of('IntervalBlock')})[2]//"
ATOM_PUBLISHED = f'<published xmlns="{NAMES["a"]}">2026-01-01T00:00:00Z</published>'
OTHER = "https://utility.example/elsewhere"

# rule, sample, edit
BROKEN: list[tuple[str, str, Edit]] = [
    ("schema", "status", write("//e:currentStatus", "fine")),
    ("entry-part", "application", drop("/a:entry/a:id")),
    ("entry-part-repeated", "usage", again(of("UsagePoint", "/a:title"))),
    ("title-empty", "usage", write(of("UsagePoint", "/a:title"), " ")),
    ("id-form", "usage", write(of("UsagePoint", "/a:id"), "1")),
    ("id-form", "usage", write("/a:feed/a:id", "urn:uuid:11111111-2222-5333-8444-ABCDEFABCDEF")),
    ("id-version", "customer", write("(//a:entry/a:id)[1]", "urn:uuid:11111111-2222-4333-8444-555555555555")),
    ("id-unique", "usage", write(of("UsagePoint", "/a:id"), "urn:uuid:11111111-2222-5333-8444-555555555555")),
    ("date-form", "usage", write(of("UsagePoint", "/a:published"), "2026-02-30T00:00:00Z")),
    ("date-form", "usage", write("/a:feed/a:updated", "yesterday")),
    ("date-zone", "usage", write(of("UsagePoint", "/a:updated"), "2026-03-01T00:00:00-05:00")),
    ("date-order", "usage", write(of("UsagePoint", "/a:updated"), "2025-03-01T00:00:00Z")),
    ("atom-unknown", "usage", add(of("UsagePoint"), f'<name xmlns="{NAMES["a"]}">x</name>')),
    ("self-form", "usage", href("UsagePoint", "self", f"{OTHER}/UsagePoint")),
    ("up-form", "usage", href("UsagePoint", "up", f"{OTHER}/UsagePoint/1")),
    ("self-under-up", "usage", href("UsagePoint", "up", f"{OTHER}/UsagePoint")),
    ("feed-self", "usage", drop("/a:feed/a:link[@rel='self']")),
    ("feed-published", "usage", add("/a:feed", ATOM_PUBLISHED)),
    ("certificate-link", "usage", drop("/a:feed/a:link[@rel='related']")),
    ("certificate-link", "application", drop(f"//a:link[@href='{CERTIFICATE}']")),
    ("certificate-link", "authorizations", drop("/a:feed/a:link[@rel='related']")),
    ("certificate-link", "customer", again("/a:feed/a:link[@rel='related']")),
    ("certificate-link", "usage", attribute("/a:feed/a:link[@rel='related']", "href", CERTIFICATE[:-36])),
    ("payload-missing", "usage", drop(of("UsagePoint", "/a:content"))),
    (
        "payload-several",
        "usage",
        add(of("MeterReading", "/a:content"), f'<x:MeterReading xmlns:x="{NAMES["e"]}"/>'),
    ),
    ("payload-unknown", "usage", put(of("UsagePoint", "/a:content"), "<x/>")),
    ("payload-wrapped", "authorization", put("//a:content", SAMPLES["status"])),
    (
        "namespaces-mixed",
        "usage",
        put(of("MeterReading", "/a:content"), f'<x:Customer xmlns:x="{NAMES["c"]}"/>'),
    ),
    ("element-unknown", "usage", add("//e:ServiceCategory", f'<x:knid xmlns:x="{NAMES["e"]}">1</x:knid>')),
    ("element-namespace", "usage", add("//e:ServiceCategory", "<kind>1</kind>")),
    ("element-order", "usage", first_to_end("//e:interval")),
    ("element-missing", "usage", drop("//e:LocalTimeParameters/e:tzOffset")),
    ("element-missing", "application", drop("//e:grant_types[1]")),
    ("element-repeated", "usage", again("//e:UsagePoint/e:status")),
    ("element-text", "customer", write("//c:Organisation", "Pat")),
    ("element-attribute", "usage", attribute("//e:value", "unit", "Wh")),
    ("value-type", "usage", write("//e:IntervalReading/e:value", "450.5")),
    ("value-type", "authorization", write("//e:token_type", "bearer")),
    ("value-type", "usage", write("//e:timePeriod/e:start", "2026-01-01T00:00:00Z")),
    ("value-code", "usage", write("//e:uom", "999")),
    ("value-code", "customer", write("//c:Customer/c:kind", "household")),
    ("D007", "usage", drop(of("UsagePoint", "/a:link[contains(@href, 'LocalTime')]"))),
    ("D014", "usage", same_self("UsagePoint")),
    ("D016", "usage", drop(of("UsagePoint", "/a:link[@rel='related']"))),
    ("D021", "usage", same_self("MeterReading")),
    ("D023", "usage", href("MeterReading", "up", f"{OTHER}/MeterReading")),
    ("D024", "usage", same_self("ReadingType")),
    ("D024", "usage", drop(of("MeterReading", "/a:link[contains(@href, 'ReadingType')]"))),
    ("D025", "usage", drop(of("MeterReading", "/a:link[contains(@href, 'IntervalBlock')]"))),
    ("D026", "usage", drop(of("MeterReading", "/a:link[contains(@href, 'IntervalBlock')]"))),
    ("D035", "usage", same_self("IntervalBlock")),
    ("D037", "usage", href("IntervalBlock", "up", f"{OTHER}/IntervalBlock")),
    ("D052", "usage", same_self("ReadingType")),
    ("D054", "usage", again(of("MeterReading", "/a:link[contains(@href, 'ReadingType')]"))),
    ("D086", "usage", doubled("UsageSummary")),
    ("D088", "usage", href("UsageSummary", "up", f"{OTHER}/UsageSummary")),
    ("D133", "usage", doubled("ElectricPowerQualitySummary")),
    ("D135", "usage", href("LocalTimeParameters", "self", f"{OTHER}/LocalTimeParameters/2")),
    ("D143", "usage", doubled("LocalTimeParameters")),
    (
        "quality-up",
        "usage",
        href("ElectricPowerQualitySummary", "up", f"{OTHER}/ElectricPowerQualitySummary"),
    ),
    ("self-unique", "customer", again(of("Statement", "", "c"))),
    ("summary-usage-point", "usage", drop(of("UsageSummary", "/a:link[@rel='related']"))),
    ("customer-up", "customer", href("Meter", "up", f"{OTHER}/Meter", prefix="c")),
    ("customer-up", "customer", href("CustomerAgreement", "up", f"{OTHER}/CustomerAgreement", prefix="c")),
    ("customer-time", "customer", drop(of("LocalTimeParameters", "/a:link[@rel='related']", "c"))),
    ("D145", "usage", write(f"{FIRST_BLOCK}e:timePeriod/e:start", "1767268800")),
    ("D146", "usage", write(f"{SECOND_BLOCK}e:interval/e:start", "1767268800")),
    ("block-start", "usage", write(f"{FIRST_BLOCK}e:interval/e:start", "1767268000")),
    ("block-duration", "usage", write(f"{FIRST_BLOCK}e:interval/e:duration", "86400")),
    ("reading-order", "usage", write(f"{FIRST_BLOCK}e:timePeriod/e:duration", "4000")),
    ("reading-gap", "usage", write(f"{FIRST_BLOCK}e:timePeriod/e:duration", "1800")),
    ("block-order", "usage", write(f"{FIRST_BLOCK}e:interval/e:duration", "7300")),
    ("block-gap", "usage", write(f"{FIRST_BLOCK}e:interval/e:duration", "7100")),
    ("D042", "usage", write(f"{FIRST_BLOCK}e:interval/e:start", "1767268000")),
    ("D064", "usage", drop("//e:ReadingType/e:phase")),
]


def generated() -> Iterator[tuple[str, str, Edit]]:
    """Documents that break the rules defined in tables."""
    for (kind, part), rule in PRESENCE.items():
        step = f"/a:link[@rel='{part.split()[0]}']" if part.endswith("link") else f"/a:{part}"
        yield rule.id, "usage", drop(of(kind, step))
    for part, rule in PARTS.items():
        yield rule.id, "usage", drop(f"/a:feed/a:{part}")
    for demand in (demand for demands in DEMANDS.values() for demand in demands):
        if isinstance(demand, Presence):
            yield demand.rule.id, "usage", drop(" | ".join(of(kind) for kind in demand.kinds))
        if isinstance(demand, Need):
            for path in demand.paths:
                steps = "/".join(f"e:{step}" for step in path.split("/"))
                yield demand.rule.id, "usage", drop(f"//e:{demand.kinds[0]}/{steps}")
        if isinstance(demand, Reading):
            pairs = (f"(.//e:uom={codes[4]} and .//e:kind={codes[3]})" for codes in demand.codes)
            yield demand.rule.id, "usage", drop(of("ReadingType", f"[{' or '.join(pairs)}]"))


ALL = [*BROKEN, *generated()]


def check(body: bytes | str, blocks: frozenset[int] = NONE) -> Report:
    return check_document([body.encode() if isinstance(body, str) else body], function_blocks=blocks)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_valid_document_breaks_no_rule(sample: str) -> None:
    report = check(SAMPLES[sample], ALL_BLOCKS if sample == "usage" else NONE)
    assert [(finding.rule.id, finding.message) for finding in report.findings] == []
    assert report.is_valid
    assert report.contents


@pytest.mark.parametrize(
    ("rule", "sample", "edit"),
    [broken for broken in ALL if broken[0] != "schema"],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_rule_is_reported(rule: str, sample: str, edit: Edit) -> None:
    report = check(corrupted(sample, edit), ALL_BLOCKS)
    assert rule in report.counts
    finding = next(finding for finding in report.findings if finding.rule.id == rule)
    assert len(finding.message) > 25
    assert finding.message.endswith((".", "?"))
    assert report.is_valid == (report.severities["error"] == 0)


def test_every_rule_has_a_document_that_breaks_it() -> None:
    elsewhere = {"well-formed", "doctype", "encoding", "concatenated", "D000", "prefix"}
    assert {rule.id for rule in RULES} == {rule for rule, _, _ in ALL} | elsewhere


def test_rules_have_an_id_a_description_and_one_severity_per_id() -> None:
    severities: dict[str, str] = {}
    for rule in RULES:
        assert re.fullmatch(r"D\d{3}|[a-z]+(-[a-z]+)*", rule.id)
        assert len(rule.says) > 10
        assert severities.setdefault(rule.id, rule.severity) == rule.severity


def test_every_assertion_of_the_certification_suite_is_a_rule() -> None:
    """D000 to D147, except two that cannot fail and numbers that are void or missing in the suite."""
    known = {int(rule.id[1:]) for rule in RULES if re.fullmatch(r"D\d+", rule.id)}
    void = {4, 5, 17, 28, 47, 55, 56, 57, 59, 60, 61, 66, 67, 75, 144}
    assert known == set(range(148)) - void


def test_a_single_entry_cannot_satisfy_a_function_block() -> None:
    report = check(SAMPLES["authorization"], frozenset({4}))
    assert set(report.counts) == {"D000"}


@pytest.mark.parametrize("block", [6, 7, 8, 9, 10, 11, 17, 29])
def test_a_plain_feed_does_not_satisfy_other_blocks(block: int) -> None:
    """Delivered electricity with bills satisfies only 1, 4, 5, 12, 15, 16, 27 and 28."""
    assert check(SAMPLES["plain"], ALL_BLOCKS - {6, 7, 8, 9, 10, 11, 17, 29}).counts == {}
    report = check(SAMPLES["plain"], frozenset({block}))
    assert report.counts
    assert set(report.counts) == {demand.rule.id for demand in DEMANDS[block] if not isinstance(demand, Need)}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("currentBillingPeriodOverAllConsumption", {"D095", "D096", "D097", "D098"}),
        ("summaryInterval", {"D134"}),
        ("ratchetDemand", {"D108"}),
        ("ratchetDemandPeriod", {"D109"}),
        ("peakDemand", {"D110"}),
        ("currentDayOverallConsumption", {"D111"}),
        ("previousDayOverallConsumption", {"D112"}),
    ],
)
def test_parts_are_required_only_in_an_element_that_is_present(name: str, rules: set[str]) -> None:
    """Other rules report an absent element."""
    without = check(corrupted("usage", drop(f"//e:{name}")), ALL_BLOCKS)
    emptied = check(corrupted("usage", drop(f"//e:{name}/*")), ALL_BLOCKS)
    assert (rules & set(without.counts), rules & set(emptied.counts)) == (set(), rules)


READING = ("accumulationBehaviour", "commodity", "flowDirection", "kind", "uom")


@pytest.mark.parametrize(
    ("block", "unit", "codes", "is_enough"),
    [
        *((10, 169, (4, 7, 1, 12, unit), True) for unit in (31, 132, 169)),
        *((10, 169, (9, 2, 19, 58, unit), True) for unit in (42, 119)),
        (10, 169, (4, 7, 1, 12, 72), False),
        (10, 169, (4, 7, 1, 58, 169), False),
        (10, 169, (9, 7, 1, 12, 169), False),
        *((11, 128, (4, 9, 1, 58, unit), True) for unit in (42, 119, 128)),
        (11, 128, (4, 9, 1, 12, 128), False),
        (11, 128, (4, 9, 19, 58, 128), False),
        (29, 6, (1, 2, 3, 46, 6), True),
        (29, 6, (1, 2, 3, 46, 23), False),
        (29, 6, (1, 2, 3, 12, 6), False),
    ],
)
def test_a_block_is_satisfied_by_readings_of_these_codes(
    block: int, unit: int, codes: tuple[int, ...], is_enough: bool
) -> None:
    def edit(root: etree._Element) -> None:
        [kind] = find(root, f"//e:ReadingType[e:uom={unit}]")
        for name, code in zip(READING, codes, strict=True):
            find(kind, f"e:{name}")[0].text = str(code)

    report = check(corrupted("usage", edit), frozenset({block}))
    assert (not report.counts) == is_enough


def test_an_update_may_omit_the_parents() -> None:
    """Function block 19."""
    parents = " | ".join(
        of(kind) for kind in ("UsagePoint", "MeterReading", "ReadingType", "LocalTimeParameters")
    )
    assert check(corrupted("usage", drop(parents))).counts == {}


def test_concatenated_documents_are_checked_separately() -> None:
    status = SAMPLES["status"]
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    body = f"{declared}{SAMPLES['usage']}\n{declared}\n{status}{SAMPLES['customer']}"
    report = check(body)
    assert set(report.counts) == {"concatenated"}
    assert report.contents["ServiceStatus"] == 1
    assert report.contents["Customer"] == 1
    assert report.contents["IntervalBlock"] == 20


def test_a_prefix_other_than_the_literal_one_is_a_note() -> None:
    report = check(SAMPLES["plain"].replace("espi:", "gb:").replace(":espi=", ":gb="))
    assert report.is_valid
    assert report.counts == {"prefix": 1}
    assert "gb:" in report.findings[0].message


def test_many_findings_are_counted_but_not_all_listed() -> None:
    report = check(corrupted("usage", write("//e:value", "many")))
    assert report.counts["value-type"] > 20
    assert len([finding for finding in report.findings if finding.rule.id == "value-type"]) == 20


def test_lines_and_places_are_reported() -> None:
    report = check(corrupted("usage", write(f"{SECOND_BLOCK}e:value", "many")))
    [first, _] = report.in_order
    lines = SAMPLES["usage"].splitlines()
    assert "<espi:value>430</espi:value>" in lines[first.line - 1]
    assert first.place.endswith("/IntervalBlock/2")
    assert "IntervalBlock/IntervalReading/value" in first.message


def test_a_long_value_is_truncated_in_quotes() -> None:
    assert quoted("x" * 60) == repr("x" * 60)
    assert quoted("x" * 61) == repr("x" * 57 + "...")


def test_function_blocks_can_be_written_with_commas_or_as_in_a_scope() -> None:
    assert read_blocks("1,4, 5") == read_blocks("FB=1_4_5") == {1, 4, 5}
