"""One journal for several processes: what it asks of the place they share, and how an exchange is written there."""

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
    """Where exchanges are kept for all processes, page by page; forgetting is beginning another page."""

    def page(self) -> str:
        """The page that is open now."""
        ...

    def add(self, page: str, taken: Taken) -> None:
        """Write an exchange on the page that was open when it began; on another one nobody reads it any more."""
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
    told: dict[str, Any] = {  # every field by its own type
        name: value for name, value in vars(taken).items() if name in Taken.__dataclass_fields__
    }
    told["at"] = taken.at.isoformat()
    for name in _HEADERS:
        told[name] = [[key.decode("latin-1"), value.decode("latin-1")] for key, value in told[name]]
    for name in _BODIES:
        told[name] = [told[name].kept.decode("latin-1"), told[name].size]
    return json.dumps(told)


def read(content: str) -> Taken:
    """The exchange that was written."""
    told = json.loads(content)
    told["at"] = datetime.fromisoformat(told["at"])
    for name in _HEADERS:
        told[name] = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in told[name]]
    for name in _BODIES:
        head = Head()
        head.kept, head.size = told[name][0].encode("latin-1"), told[name][1]
        told[name] = head
    return Taken(**told)
