"""Lists that tell a thing twice, or the newest last: Atom feeds and the lists of the JSON API."""

import json
import re
from collections.abc import Callable
from typing import Any

from mock_server.core.records import FaultEffect
from mock_server.faults.answer import Answer

_ENTRY = re.compile(rb"<(\w+:)?entry[\s>].*?</(?:\w+:)?entry>\s*", re.DOTALL)

Rearrange = Callable[[list[Any]], list[Any]]  # of pieces of XML, or of whatever JSON


def spoil_entries(effect: FaultEffect, answer: Answer) -> Answer:
    """The first entry comes again at the end, or all come in reverse."""
    if effect.entries is None:
        return answer
    rearrange: Rearrange = _repeat if effect.entries == "duplicate" else _reverse
    kind = answer.header(b"content-type")
    if b"xml" in kind:
        return answer.with_body(_in_feed(answer.body, rearrange))
    return answer.with_body(_in_json(answer.body, rearrange)) if b"json" in kind else answer


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


def _in_json(body: bytes, rearrange: Rearrange) -> bytes:
    """The first list of the object is the list of things."""
    told = json.loads(body)
    if not isinstance(told, dict):
        return body
    name = next((name for name, value in told.items() if isinstance(value, list)), None)
    if name is not None:
        told[name] = rearrange(told[name])
    return json.dumps(told).encode()
