"""The kinds of rules: for an entry with its payload, and for a document."""

from collections.abc import Callable, Iterator

from mock_server.espi.check.document import Document, Element, Entry
from mock_server.espi.check.findings import Finding

FunctionBlocks = frozenset[int]
"""The function blocks that the document claims to support; empty if none were given."""


EntryRule = Callable[[Entry, Element, FunctionBlocks], Iterator[Finding]]
"""Checks each entry once, with its payload."""

DocumentRule = Callable[[Document, FunctionBlocks], Iterator[Finding]]
"""Checks a document after all its entries were checked and their payloads released."""


def quoted(text: str) -> str:
    """A value as quoted in a finding, at most 60 characters long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
