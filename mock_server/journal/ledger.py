"""The interface of a journal that several processes share, and the stored form of an exchange."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from mock_server.journal.exchange import Head, Taken

Answer = TypeVar("Answer")
_BODIES = ("request_body", "response_body")
_HEADERS = ("request_headers", "response_headers")


@dataclass(frozen=True, kw_only=True)
class News:
    """What came on a page after a place in it; `place` is that of the last."""

    page: str
    place: str
    taken: tuple[Taken, ...]


class Ledger(Protocol):
    """The stored exchanges of all processes, page by page; clearing them starts another page."""

    def page(self) -> str:
        """The page that is open now."""
        ...

    def add(self, page: str, taken: Taken) -> None:
        """Write an exchange to the page that was open when it started; a later page would not list it."""
        ...

    def news(self, page: str, place: str) -> News:
        """What is new on that page after that place; all of the open page, if it is another."""
        ...

    def clear(self) -> None:
        """Begin another page."""
        ...

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Do such work from an event loop."""
        ...


def written(taken: Taken) -> str:
    """An exchange as JSON: bytes as the characters of the same numbers, so that nothing is lost."""
    fields: dict[str, Any] = {  # every field by its own type
        name: value for name, value in vars(taken).items() if name in Taken.__dataclass_fields__
    }
    fields["at"] = taken.at.isoformat()
    for name in _HEADERS:
        fields[name] = [[key.decode("latin-1"), value.decode("latin-1")] for key, value in fields[name]]
    for name in _BODIES:
        fields[name] = [fields[name].stored.decode("latin-1"), fields[name].size]
    return json.dumps(fields)


def read(content: str) -> Taken:
    """The exchange that was written."""
    fields = json.loads(content)
    fields["at"] = datetime.fromisoformat(fields["at"])
    for name in _HEADERS:
        fields[name] = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in fields[name]]
    for name in _BODIES:
        head = Head()
        head.stored, head.size = fields[name][0].encode("latin-1"), fields[name][1]
        fields[name] = head
    return Taken(**fields)
