"""Query parameters of feeds: time limits and pages (ESPI 4.0, function block 37).

Parses parameters into a Query. Rejects invalid values and ignores unknown names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from mock_server.domain.errors import InvalidParameter
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.text.quoting import quoted
from mock_server.domain.time.periods import Span

Thing = TypeVar("Thing")

# RFC 3339 §5.6. A + that was not percent-encoded arrives as a space.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)
_NUMBER = re.compile("[0-9]{1,10}")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """An inclusive time range. None means unbounded."""

    earliest: datetime | None = None
    latest: datetime | None = None

    def hold(self, start: datetime, end: datetime) -> bool:
        """Whether the range contains all of `start` to `end`."""
        is_early = self.earliest is not None and start < self.earliest
        is_late = self.latest is not None and end > self.latest
        return not (is_early or is_late)


@dataclass(frozen=True, kw_only=True)
class Query:
    """The filters of a request: `published` limits the period of the data, `updated` the time of its last change.

    The page skips the first `skipped` matches and contains at most `most`.
    """

    published: Bounds = Bounds()
    updated: Bounds = Bounds()
    skipped: int = 0
    most: int | None = None

    def fits(self, period: Span, updated: datetime) -> bool:
        """Whether the query selects data about a period that last changed at `updated`."""
        return self.published.hold(period.start, period.end) and self.updated.hold(updated, updated)

    @property
    def is_bounded(self) -> bool:
        """Whether the query has time limits."""
        return self.published != Bounds() or self.updated != Bounds()

    def page(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The requested page of a list. Items after the page are not evaluated."""
        return islice(things, self.skipped, None if self.most is None else self.skipped + self.most)


UNRESTRICTED = Query()


def parse_query(parameters: Parameters) -> Query:
    """Parses query parameters (ESPI 4.0 §2). Raises InvalidParameter, which names the parameter."""
    limits = [_number(parameters, name) for name in ("max-results", "depth")]
    return Query(
        published=_bounds(parameters, "published"),
        updated=_bounds(parameters, "updated"),
        skipped=_start_index(parameters) - 1,
        most=min((limit for limit in limits if limit is not None), default=None),
    )


def _bounds(parameters: Parameters, kind: str) -> Bounds:
    least, most = f"{kind}-min", f"{kind}-max"
    earliest, latest = _instant(parameters, least), _instant(parameters, most)
    if earliest is not None and latest is not None and earliest > latest:
        raise InvalidParameter(
            f"{least} is later than {most}, so no data can match. Send the earlier instant as {least}."
        )
    return Bounds(earliest=earliest, latest=latest)


def _instant(parameters: Parameters, name: str) -> datetime | None:
    text = _single(parameters, name)
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper().replace(" ", "+")).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # well-formed but not a date, such as February 30
    raise InvalidParameter(
        f"{name} is not an instant: {quoted(text)}. Send RFC 3339, such as 2026-03-15T00:00:00Z, or omit it."
    )


def _start_index(parameters: Parameters) -> int:
    number = _number(parameters, "start-index")
    if number == 0:
        raise InvalidParameter("start-index is 0, but entries are numbered from 1. Send 1 or more.")
    return number or 1


def _number(parameters: Parameters, name: str) -> int | None:
    text = _single(parameters, name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise InvalidParameter(
            f"{name} is not a whole number of at most 10 digits: {quoted(text)}. Send a number such as 100, "
            "or omit it to get all entries."
        )
    return int(text)


def _single(parameters: Parameters, name: str) -> str | None:
    values = parameters.all(name)
    if len(values) > 1:
        raise InvalidParameter(f"{name} was sent {len(values)} times. Send it once.")
    return values[0] if values else None
