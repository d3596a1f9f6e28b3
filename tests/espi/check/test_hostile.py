"""Any bytes produce a report, without a traceback, network access or excessive memory."""

import gzip
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree

from mock_server.espi.check.check import check_document
from mock_server.espi.check.document import ATOM, read_entry
from mock_server.espi.check.findings import Report
from mock_server.espi.check.printing import as_json, as_text
from mock_server.espi.check.reading.sources import SourceMistake, unpack
from mock_server.espi.check.reading.stream import Broken, read_roots
from mock_server.espi.check.reading.text import joined
from mock_server.espi.check.rules.function_blocks import DEMANDS
from tests.espi.check.samples import PLAIN, SAMPLES, alone, entry, espi

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
STATUS = SAMPLES["status"]


def check(body: bytes | str, blocks: frozenset[int] = frozenset()) -> Report:
    report = check_document([body.encode() if isinstance(body, str) else body], function_blocks=blocks)
    assert as_text("x", report)
    assert as_json("x", report)
    return report


@pytest.mark.parametrize(
    ("body", "rule", "result"),
    [
        (b"", "well-formed", "empty"),
        (b" \n ", "well-formed", "empty"),
        (b'{"error": "not_found"}', "well-formed", "it begins with"),
        (b"PK\x03\x04rest", "well-formed", "zip"),
        (b"<!DOCTYPE html><html><body/></html>", "well-formed", "web page"),
        (b"<html><body/></html>", "well-formed", "web page"),
        (b"\n<?xml version='1.0'?><a/>", "well-formed", "very start"),
        (b"<a><b></a>", "well-formed", "not well-formed"),
        (PLAIN[:-20].encode(), "well-formed", "ends too early"),
        (f"{STATUS}and more".encode(), "well-formed", "outside the root"),
        (f"<!-- hi -->text{STATUS}".encode(), "well-formed", "outside the root"),
        (b"<a>&nbsp;</a>", "well-formed", "nbsp"),
        (b"</all><all>", "well-formed", "not well-formed"),
        (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l9;</x>'.encode(), "doctype", "DOCTYPE"),
        (b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>', "doctype", "DOCTYPE"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://nowhere.invalid/x.dtd"><x/>',
            "doctype",
            "DOCTYPE",
        ),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding", "klingon"),
        (b'<?xml version="1.0" encoding="zlib"?><a/>', "encoding", "zlib"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xe9</a>', "encoding", "UTF-8"),
        (b"<a>\xff\xfe</a>", "encoding", "UTF-8"),
        (b"<a>" * 5000, "well-formed", "depth"),
        (b"<a>" + b"x" * 12_000_000 + b"</a>", "well-formed", "not well-formed"),
        (b"<unknown/>", "payload-unknown", "Atom feed or entry"),
        (b'<UsagePoint xmlns="http://naesb.org/espi"/>', "payload-unknown", "Atom entry"),
        (b"<feed/>", "payload-unknown", "(none)"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_unreadable_document_is_reported(body: bytes, rule: str, result: str) -> None:
    report = check(body)
    assert list(report.counts) == [rule]
    assert result in report.findings[0].message
    assert not report.is_valid


def test_entries_before_a_syntax_error_are_checked() -> None:
    cut = PLAIN.replace("<espi:value>450<", "<espi:value>many<")[:-60]
    assert set(check(cut).counts) == {"value-type", "well-formed"}


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"]
)
def test_other_encodings_are_read(encoding: str) -> None:
    declaration = "" if encoding.startswith("utf") else f'<?xml version="1.0" encoding="{encoding}"?>\n'
    body = declaration + PLAIN.replace("<title>UsagePoint<", "<title>Zähler<")
    assert check(body.encode(encoding)).counts == {}


def test_comments_and_instructions_between_elements_are_ignored() -> None:
    body = PLAIN.replace("<espi:interval>", "<!-- x --><?y z?><espi:interval><!-- x -->").replace(
        "<entry>", "<!-- e --><entry>"
    )
    assert check(f"<!-- before -->{body}<!-- after -->").counts == {}


def test_a_declaration_split_between_two_pieces_is_found() -> None:
    body = f'<?xml version="1.0"?>{STATUS}<?xml version="1.0" encoding="UTF-8"?>{STATUS}'.encode()
    for size in (1, 7, 1000):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert set(check_document(pieces).counts) == {"concatenated"}


def test_times_beyond_the_calendar_are_reported_as_numbers() -> None:
    far = PLAIN.replace("<espi:start>1767268800<", f"<espi:start>{2**62}<", 1)
    assert any(str(2**62) in finding.message for finding in check(far).findings)


def test_an_entry_inside_another_element_is_not_an_entry() -> None:
    assert set(check(f"<wrapper>{PLAIN}</wrapper>").counts) == {"payload-unknown"}
    nested = alone(entry("Statement/1", alone(entry("Statement/2", espi("MeterReading")))))
    assert "payload-unknown" in check(nested).counts


def test_a_gzip_file_is_decompressed_and_a_broken_one_is_reported() -> None:
    compressed = gzip.compress(PLAIN.encode())
    assert b"".join(unpack([compressed[:9], compressed[9:]])) == PLAIN.encode()
    assert b"".join(unpack([compressed + gzip.compress(b"<!---->")])).endswith(b"<!---->")
    for broken in (compressed[:-20], compressed[:40] + b"\0" * 40, b"\x1f\x8b\x08"):
        with pytest.raises(SourceMistake, match=r"decompressed|truncated"):
            list(unpack([broken]))


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(SourceMistake, match="larger than"):
        list(unpack([gzip.compress(b" " * 20_000_000)], largest=1_000_000))


def many_blocks(size: int) -> Iterator[bytes]:
    head, _, tail = PLAIN.partition("</feed>")
    yield head.encode()
    [block] = [
        part for part in head.split("<entry>") if "IntervalBlock/2</" in part or "/IntervalBlock/2" in part
    ][:1]
    written = 0
    number = 3
    while written < size:
        piece = "".join(
            f"<entry>{block.replace('IntervalBlock/2', f'IntervalBlock/{n}')}"
            for n in range(number, number + 50)
        )
        yield piece.encode()
        number += 50
        written += len(piece)
    yield f"</feed>{tail}".encode()


def test_entries_of_a_large_feed_do_not_stay_in_memory() -> None:
    [root] = read_roots(joined(many_blocks(1_000_000)), read_entry)
    assert len(root.entries) > 600
    assert len(root.element.findall(f"{{{ATOM}}}entry")) == 1
    report = check_document(many_blocks(200_000))
    assert set(report.counts) == {"id-unique", "D146"}


def test_a_large_document_may_arrive_in_one_piece() -> None:
    assert check(PLAIN.replace("<entry>", "<!--x-->" * 1_500_000 + "<entry>", 1)).counts == {}


def test_the_number_of_entries_is_limited() -> None:
    body = f'<feed xmlns="{ATOM}"><entry/><entry/></feed>'.encode()
    [root] = read_roots(joined([body]), read_entry, most_entries=2)
    assert len(root.entries) == 2
    with pytest.raises(Broken, match="more than 1 entries") as refused:
        read_roots(joined([body]), read_entry, most_entries=1)
    assert refused.value.line == 0, "the error concerns the complete document"


def test_an_endless_entry_is_refused() -> None:
    def endless() -> Iterator[bytes]:
        yield PLAIN.partition("</feed>")[0].encode() + b"<entry>"
        while True:
            yield b"<x/>" * 100_000

    assert "larger than" in check_document(endless()).findings[0].message


@effort(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_validator(body: bytes) -> None:
    assert not check(body).is_valid


NAME = st.sampled_from(
    ["entry", "feed", "content", "link", "id", "title", "published", "espi:UsagePoint", "espi:value"]
)
ESPI_NAME = st.sampled_from(
    ["espi:IntervalBlock", "espi:interval", "espi:start", "espi:duration", "espi:IntervalReading"]
)
TEXT = st.sampled_from(
    ["", "1", "-1", "x", "99999999999999999999", "2026-01-01T00:00:00Z", " ", "urn:uuid:1"]
)


@st.composite
def trees(draw: st.DrawFn) -> str:
    """Documents with known element names in any order."""
    root = etree.Element("root")
    parents = [root]
    for _ in range(draw(st.integers(1, 25))):
        name = draw(NAME | ESPI_NAME)
        namespace = "http://naesb.org/espi" if ":" in name else "http://www.w3.org/2005/Atom"
        child = etree.SubElement(draw(st.sampled_from(parents)), f"{{{namespace}}}{name.rpartition(':')[2]}")
        child.text = draw(TEXT)
        for attribute in draw(st.sets(st.sampled_from(["rel", "href", "type"]))):
            child.set(attribute, draw(st.sampled_from(["self", "up", "related", "", "x/IntervalBlock"])))
        parents.append(child)
    return "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in root)


@effort(max_examples=200, deadline=None)
@given(trees())
def test_no_tree_of_known_names_crashes_the_validator(body: str) -> None:
    check(body, frozenset(DEMANDS))
