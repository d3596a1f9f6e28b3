"""Filters, flags and pages of the JSON API's lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from mock_server.domain.errors import InvalidParameter
from mock_server.domain.text.parameters import Parameters
from mock_server.store import TableAccess

MOST_PER_PAGE = 1000

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items, and the parameters that request the next page, if there is one."""

    items: Sequence[Item]
    following: Mapping[str, str] | None

    def next_url(self, address: str) -> str | None:
        """The `next` of the response: a complete URL, or None on the last page."""
        return None if self.following is None else f"{address}?{urlencode(self.following)}"


_PAGING = {
    "limit": "Maximum number of items, up to 1000.",
    "after": "Continue after this uid. Follow `next` instead.",
}


def paged(**about: str) -> dict[str, Any]:  # OpenAPI's own shape
    """The OpenAPI description of a list's query parameters, which the functions below read."""
    return described(**about, **_PAGING)


def described(**about: str) -> dict[str, Any]:  # OpenAPI's own shape
    """The same without paging."""
    return {"parameters": [_parameter(name, text) for name, text in about.items()]}


def _parameter(name: str, about: str) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "string"}
    if name.startswith("is_") or name in ("disabled", "expand_meter_blocks", "include_unsupported"):
        kind = {"type": "boolean"}
    if name == "limit":
        kind = {"type": "integer", "minimum": 1}
    if name == "order":
        kind = {"type": "string", "enum": ["latest_first", "earliest_first"]}
    return {"name": name, "in": "query", "description": about, "schema": kind}


def page_of(items: Iterable[Item], query: Parameters, *, uid_of: Callable[[Item], str]) -> Page[Item]:
    """Up to `limit` items after the item `after`; later items are not computed. Raises InvalidParameter."""
    limit, after, left = limit_of(query), query.one("after"), iter(items)
    if after is not None and not any(uid_of(item) == after for item in left):
        raise _unknown_after(after)
    return cut_page(list(islice(left, limit + 1)), query, limit, uid_of=uid_of)


def cut_page(
    found: Sequence[Item], query: Parameters, limit: int, *, uid_of: Callable[[Item], str]
) -> Page[Item]:
    """A page of up to `limit` + 1 items: the last item only indicates that there are more."""
    if len(found) <= limit:
        return Page(found, None)
    items = found[:limit]
    repeated = {
        name: value
        for name in query.on_wire
        if name not in ("after", "access_token") and (value := query.one(name)) is not None
    }
    return Page(items, {**repeated, "after": uid_of(items[-1])})


def page_start(query: Parameters, rows: TableAccess[Any], **where: str) -> tuple[str, str] | None:
    """The start of a page that the database selects: below the uid `after`. Raises InvalidParameter."""
    after = query.one("after")
    if after is None:
        return None
    if rows.find(uid=after, **where) is None:
        raise _unknown_after(after)
    return "uid", after


def _unknown_after(after: str) -> InvalidParameter:
    return InvalidParameter(
        f"after={after[:40]!r} is not the uid of anything in this list. Follow the `next` of the page before."
    )


def listed(query: Parameters, name: str) -> tuple[str, ...] | None:
    """The values of a comma-separated filter; None if it is not used."""
    value = query.one(name)
    if value is None:
        return None
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def fits(query: Parameters, *, names: Mapping[str, str | None], flags: Mapping[str, bool]) -> bool:
    """Whether all used filters match an item. Raises InvalidParameter."""
    for name, value in names.items():
        wanted = listed(query, name)
        if wanted is not None and value not in wanted:
            return False
    return all(flag(query, name) in (None, value) for name, value in flags.items())


def flag(query: Parameters, name: str) -> bool | None:
    """A filter that is true or false; None if it is not used. Raises InvalidParameter."""
    value = query.one(name)
    if value is None:
        return None
    if value.casefold() not in ("true", "false"):
        raise InvalidParameter(f"{name}={value[:40]!r} is neither true nor false.")
    return value.casefold() == "true"


def limit_of(query: Parameters) -> int:
    """The maximum number of items of a page. Raises InvalidParameter."""
    value = query.one("limit")
    if value is None:
        return MOST_PER_PAGE
    digits = value.lstrip("0")
    if not (digits and value.isascii() and value.isdigit()):
        raise InvalidParameter(f"limit={value[:40]!r} is not a number of at least 1.")
    return MOST_PER_PAGE if len(digits) > len(str(MOST_PER_PAGE)) else min(int(digits), MOST_PER_PAGE)
