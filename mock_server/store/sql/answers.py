"""Query results that a process caches for one sandbox (`store.memory` decides how long)."""

from dataclasses import dataclass, field
from typing import Any, Final

from mock_server.domain.records import SandboxState

MOST_ANSWERS: Final = 2_000
"""The most results cached for one sandbox."""
MOST_ROWS: Final = 100
"""Results with more records are not cached."""


@dataclass(slots=True)
class Answers:
    """The sandbox's state, and lists of records by their query."""

    state: SandboxState | None = None
    found: dict[tuple[Any, ...], list[Any]] = field(default_factory=dict)

    def remember(self, query: tuple[Any, ...], records: list[Any]) -> None:
        """Cache a result unless it is large. When the cache is full, it is cleared."""
        if len(records) > MOST_ROWS:
            return
        if len(self.found) >= MOST_ANSWERS:
            self.found.clear()
        self.found[query] = records
