"""What several processes share of their journal."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class JournalPage:
    """The page that is open: whatever was forgotten stood on another one. The key is that of the masks."""

    page: str
    key: str


@dataclass(frozen=True, kw_only=True)
class KeptExchange:
    """An exchange as the journal wrote it down, on the page that was open when it began."""

    number: str
    page: str
    content: str
