"""Lists that tell a thing twice, or the newest last: Atom feeds and the lists of the JSON API."""

import json
import re
from collections.abc import Callable
from typing import Any

from mock_server.domain.records import FaultEffect
from mock_server.http.faults.response import Answer

_ENTRY = re.compile(rb"<(\w+:)?entry[\s>].*?</(?:\w+:)?entry>\s*", re.DOTALL)

Rearrange = Callable[[list[Any]], list[Any]]  # of pieces of XML, or of whatever JSON


def corrupt_entries(effect: FaultEffect, answer: Answer) -> Answer:
    """The first entry comes again at the end, or all come in reverse."""
    if effect.entries is None:
        return answer
    rearrange: Rearrange = _repeat if effect.entries == "duplicate" else _reverse
    if b"xml" in answer.header(b"content-type"):
        return answer.with_body(_in_feed(answer.body, rearrange))
    listing = answer.json_object()
    return answer if listing is None else answer.with_body(_in_json(listing, rearrange))


def _repeat(items: list[Any]) -> list[Any]:
    return [*items, *items[:1]]


def _reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


def _in_feed(body: bytes, rearrange: Rearrange) -> bytes:
    found = list(_ENTRY.finditer(body))
    if not found:
        return body
    entries = rearrange([one.group() for one in found])
    return body[: found[0].start()] + b"".join(entries) + body[found[-1].end() :]


def _in_json(listing: dict[str, Any], rearrange: Rearrange) -> bytes:  # any JSON
    """The first list of the object is the list of things."""
    name = next((name for name, value in listing.items() if isinstance(value, list)), None)
    changed = listing if name is None else {**listing, name: rearrange(listing[name])}
    return json.dumps(changed).encode()
