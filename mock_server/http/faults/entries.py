"""Corrupts lists: a duplicate entry, or the reverse order. Atom feeds and the lists of the JSON API."""

import json
import re
from collections.abc import Callable
from typing import Any

from mock_server.domain.records import FaultEffect
from mock_server.http.faults.response import Answer

_ENTRY = re.compile(rb"<(\w+:)?entry[\s>].*?</(?:\w+:)?entry>\s*", re.DOTALL)

Rearrange = Callable[[list[Any]], list[Any]]  # of pieces of XML, or of whatever JSON


def corrupt_entries(effect: FaultEffect, answer: Answer) -> Answer:
    """Repeat the first entry at the end, or reverse all entries."""
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
    entries = rearrange([entry.group() for entry in found])
    return body[: found[0].start()] + b"".join(entries) + body[found[-1].end() :]


def _in_json(listing: dict[str, Any], rearrange: Rearrange) -> bytes:  # any JSON
    """Rearrange the first list of the object."""
    name = next((name for name, value in listing.items() if isinstance(value, list)), None)
    changed = listing if name is None else {**listing, name: rearrange(listing[name])}
    return json.dumps(changed).encode()
