"""Quotes what a client sent, for error messages."""

from typing import Final

_LONGEST: Final = 80  # characters


def quoted(text: str) -> str:
    """Returns the text in quotation marks, with at most `_LONGEST` characters and only printable ones."""
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_LONGEST]
    )
    return repr(printable + ("…" if len(text) > _LONGEST else ""))
