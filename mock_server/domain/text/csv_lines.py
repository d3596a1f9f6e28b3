"""Records as CSV (RFC 4180), which a spreadsheet opens without running any of it. All our CSV is written here."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

_PIECE: Final = 100_000
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(names: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A heading, and a line for each row, in pieces of about 100,000 characters. A name that a row lacks is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
        if buffer.tell() > _PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def cell(value: object) -> object:
    """A value as it stands in a cell: a list with semicolons, and a text that a spreadsheet would compute after a '.

    Numbers stay numbers, negative ones and those in text as well.
    """
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(text, str) or not text.startswith(_FORMULA) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
