"""The part of the journal that several processes share through the database."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class JournalPage:
    """The current journal page. Clearing the journal starts another page. `key` is for masking secrets."""

    page: str
    key: str


@dataclass(frozen=True, kw_only=True)
class StoredExchange:
    """A stored journal entry, on the page that was current when the request began."""

    number: str
    page: str
    content: str
