"""Writes CSV (RFC 4180) that is safe to open in a spreadsheet: no cell is a formula. The only writer of CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

_PIECE_SIZE: Final = 100_000  # characters
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(names: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yields a header line and a line per row, joined into pieces of about `_PIECE_SIZE` characters.

    A column that a row lacks is empty.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
        if buffer.tell() > _PIECE_SIZE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def cell(value: object) -> object:
    """Returns a value as a CSV cell: list items joined by semicolons, text that looks like a formula prefixed with '.

    Numbers are unchanged, even negative ones and numbers in text.
    """
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str) or not text.startswith(_FORMULA) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
