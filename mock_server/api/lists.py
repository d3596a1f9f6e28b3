"""What all lists of the JSON API share: comma-separated filters, flags, and pages that go on after a uid."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from mock_server.core.errors import InvalidParameter
from mock_server.core.parameters import Parameters

MOST_PER_PAGE = 1000

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items, and the parameters that ask for the following ones, if there are any."""

    items: Sequence[Item]
    following: Mapping[str, str] | None

    def next_url(self, address: str) -> str | None:
        """The `next` of the answer: a whole URL, or None on the last page."""
        return None if self.following is None else f"{address}?{urlencode(self.following)}"


def described(**about: str) -> dict[str, Any]:  # OpenAPI's own shape
    """Query parameters for the OpenAPI document; the pages and filters below read them."""
    shared = {
        "limit": "At most so many, up to 1000.",
        "after": "Go on after this uid; follow `next` instead.",
    }
    return {
        "parameters": [
            {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
            for name, text in {**about, **shared}.items()
        ]
    }


def page_of(items: Sequence[Item], query: Parameters, *, uid_of: Callable[[Item], str]) -> Page[Item]:
    """At most `limit` items after the one named by `after`. Raises InvalidParameter."""
    limit = _limit(query)
    after = query.one("after")
    first = 0
    if after is not None:
        position = next((place for place, item in enumerate(items) if uid_of(item) == after), None)
        if position is None:
            raise InvalidParameter(
                f"after={after[:40]!r} is not the uid of anything in this list. Follow the `next` of the page before."
            )
        first = position + 1
    shown = items[first : first + limit]
    if not shown or first + limit >= len(items):
        return Page(shown, None)
    kept = {
        name: value
        for name in query.on_wire
        if name not in ("after", "access_token") and (value := query.one(name)) is not None
    }
    return Page(shown, {**kept, "after": uid_of(shown[-1])})


def listed(query: Parameters, name: str) -> frozenset[str] | None:
    """The values of a comma-separated filter; None where it is not used."""
    value = query.one(name)
    return None if value is None else frozenset(part.strip() for part in value.split(",") if part.strip())


def fits(query: Parameters, *, names: Mapping[str, str | None], flags: Mapping[str, bool]) -> bool:
    """Whether an item is wanted: each filter used must agree. Raises InvalidParameter."""
    for name, value in names.items():
        wanted = listed(query, name)
        if wanted is not None and value not in wanted:
            return False
    return all(flag(query, name) in (None, value) for name, value in flags.items())


def flag(query: Parameters, name: str) -> bool | None:
    """A filter that is true or false; None where it is not used. Raises InvalidParameter."""
    value = query.one(name)
    if value is None:
        return None
    if value.casefold() not in ("true", "false"):
        raise InvalidParameter(f"{name}={value[:40]!r} is neither true nor false.")
    return value.casefold() == "true"


def _limit(query: Parameters) -> int:
    value = query.one("limit")
    if value is None:
        return MOST_PER_PAGE
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):
        raise InvalidParameter(f"limit={value[:40]!r} is not a number of at least 1.")
    return min(int(value), MOST_PER_PAGE)
