"""The kinds of rules: for one entry with its payload, and for the whole document."""

from collections.abc import Callable, Iterator

from mock_server.espi.check.document import Document, Element, Entry
from mock_server.espi.check.findings import Finding

FunctionBlocks = frozenset[int]
"""The function blocks that the document claims to satisfy; empty where nobody said."""


EntryRule = Callable[[Entry, Element, FunctionBlocks], Iterator[Finding]]
"""Sees each entry once, whole, and yields what is wrong with it."""

DocumentRule = Callable[[Document, FunctionBlocks], Iterator[Finding]]
"""Sees a document when all its entries were seen and their payloads are gone."""


def quoted(text: str) -> str:
    """A value as a finding quotes it."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
