"""Checks the Atom entry around each payload (§6.2, §6.3, §6.6)."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from mock_server.espi.check.document import Element, Entry
from mock_server.espi.check.findings import Finding, Rule
from mock_server.espi.check.rules.rule import FunctionBlocks, quoted

# The certification suite's numbers of "each entry of this kind has ...".
_KINDS: Final = (
    "LocalTimeParameters",
    "UsagePoint",
    "IntervalBlock",
    "MeterReading",
    "ReadingType",
    "UsageSummary",
    "ElectricPowerUsageSummary",
    "ElectricPowerQualitySummary",
)
_NUMBERS: Final[Mapping[str, tuple[int, ...]]] = {
    "id": (138, 11, 31, 18, 48, 82, 82, 128),
    "self link": (139, 13, 34, 20, 51, 85, 85, 129),
    "up link": (140, 15, 36, 22, 53, 87, 87, 130),
    "published": (141, 9, 40, 29, 69, 101, 101, 131),
    "title": (137, 12, 33, 19, 50, 84, 84, 127),
    "updated": (142, 10, 41, 30, 70, 102, 102, 132),
}
PRESENCE: Final[Mapping[tuple[str, str], Rule]] = {
    (kind, part): Rule(id=f"D{number:03}", severity="error", says=f"each {kind} entry has {part}")
    for part, numbers in _NUMBERS.items()
    for kind, number in zip(_KINDS, numbers, strict=True)
}
OTHER_PRESENCE: Final = Rule(
    id="entry-part",
    severity="error",
    says="an entry has id, self link, up link, published, title and updated",
)
REPEATED: Final = Rule(
    id="entry-part-repeated", severity="error", says="an entry has each of these parts once"
)
BLANK: Final = Rule(id="title-empty", severity="warning", says="a title is not empty")
ID_FORM: Final = Rule(
    id="id-form", severity="error", says="an id is urn:uuid: followed by a UUID in lowercase"
)
ID_VERSION: Final = Rule(id="id-version", severity="warning", says="an id is a UUID of version 3 or 5")
DATE: Final = Rule(id="date-form", severity="error", says="published and updated are RFC 3339 dates")
DATE_ZONE: Final = Rule(
    id="date-zone", severity="note", says="published and updated are in UTC, written with Z"
)
UPDATED_EARLIER: Final = Rule(id="date-order", severity="warning", says="updated is not before published")
ATOM_UNKNOWN: Final = Rule(
    id="atom-unknown", severity="error", says="an entry has only elements that Atom defines"
)
SELF_FORM: Final = Rule(
    id="self-form", severity="warning", says="a self link ends in the resource's name and an id"
)
UP_FORM: Final = Rule(id="up-form", severity="warning", says="an up link ends in the resource's name")
SELF_UNDER_UP: Final = Rule(
    id="self-under-up", severity="warning", says="a self link is the up link followed by an id"
)
RULES: Final = (
    *PRESENCE.values(),
    OTHER_PRESENCE,
    REPEATED,
    BLANK,
    ID_FORM,
    ID_VERSION,
    DATE,
    DATE_ZONE,
    UPDATED_EARLIER,
    ATOM_UNKNOWN,
    SELF_FORM,
    UP_FORM,
    SELF_UNDER_UP,
)

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_IN_ENTRY: Final = frozenset(
    (
        "author",
        "category",
        "contributor",
        "id",
        "published",
        "rights",
        "source",
        "summary",
        "title",
        "updated",
    )
)


def check_parts(entry: Entry, _element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.3: the parts that every entry has exactly once."""
    counts = {part: len(entry.texts.get(part, ())) for part in ("id", "title", "published", "updated")} | {
        f"{relation} link": len(entry.hrefs(relation)) for relation in ("self", "up")
    }
    for part, count in counts.items():
        if count == 0:
            rule = PRESENCE.get((entry.kind, part), OTHER_PRESENCE)
            yield _at(entry, rule, f"The entry has no {part}. Add one.")
        elif count > 1:
            yield _at(entry, REPEATED, f"The entry has {part} {count} times. Keep one.")
    if "title" in entry.texts and not entry.text("title"):
        yield _at(entry, BLANK, "The title is empty. Name the resource, without personal data.")
    for name in entry.texts.keys() - _IN_ENTRY:
        yield _at(entry, ATOM_UNKNOWN, f"Atom has no element {quoted(name)} in an entry. Remove it.")


def check_id(entry: Entry, _element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.3: `urn:uuid:` with a UUID hashed from a name, the same in every response."""
    yield from id_mistakes(entry.text("id"), line=entry.line, place=entry.place)


def id_mistakes(text: str, *, line: int, place: str) -> Iterator[Finding]:
    """Checks the id of a feed or an entry. Yields nothing if it is empty."""
    found = _UUID.fullmatch(text)
    if text and found is None:
        message = f"The id is {quoted(text)}. Use urn:uuid: followed by a UUID in lowercase."
        yield Finding(rule=ID_FORM, line=line, place=place, message=message)
    elif found is not None and found[1] not in "35":
        message = (
            f"The id is a UUID of version {found[1]}. Hash a stable name instead (version 5):"
            " certification accepts only versions 3 and 5, and ids must not change between responses."
        )
        yield Finding(rule=ID_VERSION, line=line, place=place, message=message)


def check_dates(entry: Entry, _element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.3: xs:dateTime, in UTC."""
    for name in ("published", "updated"):
        yield from date_mistakes(name, entry.text(name), line=entry.line, place=entry.place)
    published, updated = (read_date(entry.text(name)) for name in ("published", "updated"))
    if published and updated and updated < published:
        message = f"updated ({entry.text('updated')}) is before published ({entry.text('published')})."
        yield _at(entry, UPDATED_EARLIER, f"{message} Set it to the time of the last change.")


def date_mistakes(name: str, text: str, *, line: int, place: str) -> Iterator[Finding]:
    """Checks a date of a feed or an entry. Yields nothing if it is empty."""
    if text and read_date(text) is None:
        message = f"{name} is {quoted(text)}. Use a date such as 2026-01-31T00:00:00Z."
        yield Finding(rule=DATE, line=line, place=place, message=message)
    elif text and not text.endswith("Z"):
        message = f"{name} is {quoted(text)}. Write it in UTC, with Z at the end: some readers do not support offsets."
        yield Finding(rule=DATE_ZONE, line=line, place=place, message=message)


def read_date(text: str) -> datetime | None:
    """Parses an xs:dateTime, as UTC if it has no offset. Returns None if the text is not one."""
    if not _DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else datetime.fromisoformat(f"{text}Z")


def check_link_forms(entry: Entry, _element: Element, _claimed: FunctionBlocks) -> Iterator[Finding]:
    """ESPI 4.0 §6.6: .../UsagePoint is a collection, and .../UsagePoint/1 a resource."""
    own, up = (entry.hrefs(relation)[0] if entry.hrefs(relation) else "" for relation in ("self", "up"))
    if not entry.kind:
        return
    steps = own.split("?")[0].rstrip("/").split("/")
    if own and (steps[-1] == entry.kind or entry.kind not in steps[:-1]):
        message = (
            f"The self link {quoted(own)} must end in {entry.kind} and an id, such as .../{entry.kind}/1."
        )
        yield _at(entry, SELF_FORM, message)
    if up and not up.split("?")[0].endswith(f"/{entry.kind}"):
        yield _at(
            entry,
            UP_FORM,
            f"The up link {quoted(up)} must end in /{entry.kind}, which is the collection's URL.",
        )
    if own and up and own.rpartition("/")[0] != up:
        message = f"The self link {quoted(own)} must be the up link {quoted(up)} followed by an id."
        yield _at(entry, SELF_UNDER_UP, message)


def _at(entry: Entry, rule: Rule, message: str) -> Finding:
    return Finding(rule=rule, line=entry.line, place=entry.place, message=message)
