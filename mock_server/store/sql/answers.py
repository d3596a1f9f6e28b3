"""Answers to queries that a process remembers of one sandbox (`store.memory` says when they hold)."""

from dataclasses import dataclass, field
from typing import Any, Final

from mock_server.domain.records import SandboxState

MOST_ANSWERS: Final = 2_000
"""How many answers a process remembers of one sandbox."""
MOST_ROWS: Final = 100
"""An answer with more records is not remembered."""


@dataclass(slots=True)
class Answers:
    """The sandbox's state, and lists of records by the query that found them."""

    state: SandboxState | None = None
    found: dict[tuple[Any, ...], list[Any]] = field(default_factory=dict)

    def remember(self, query: tuple[Any, ...], records: list[Any]) -> None:
        """Remember an answer, unless it is large. After too many all are forgotten, the needed ones come again."""
        if len(records) > MOST_ROWS:
            return
        if len(self.found) >= MOST_ANSWERS:
            self.found.clear()
        self.found[query] = records
