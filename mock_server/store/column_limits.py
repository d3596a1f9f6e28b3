"""Checks records against the limits of the columns, before the database raises an error."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, String, Table, Text

from mock_server.domain.text.storable_text import can_be_stored
from mock_server.store.tables.columns import Instant, Json, Number, is_number

_SMALL, _BIG = 2**31, 2**63
_FIRST_YEAR, _LAST_YEAR = 1900, 2500


def column_problem(table: Table, record: Any) -> str | None:  # any record whose fields are the columns
    """The first field that does not fit its column, and why; None if all fit."""
    for field in fields(record):
        column = table.c[field.name]
        problem = _problem(column, getattr(record, field.name))
        if problem is not None:
            return f"{field.name}: {problem}"
    return None


def _problem(column: Column[Any], value: object) -> str | None:
    if value is None:
        return None if column.nullable else "it must not be null"
    match column.type:
        case Number():
            return None if is_number(value) else "it must be a number as text, such as '500001'"
        case Instant():
            return _instant_problem(value)
        case Json() | Boolean() | Float():
            return None
        case Integer():
            most = _BIG if isinstance(column.type, BigInteger) else _SMALL
            return None if isinstance(value, int) and -most <= value < most else "the number is too large"
        case Text() | String():
            return _text_problem(str(value), column.type.length)
    return None


def _instant_problem(value: object) -> str | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return "an instant needs its offset from UTC, such as 2026-01-01T00:00:00Z"
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:  # leaves room for durations that are added
        return f"an instant must be in the years {_FIRST_YEAR} to {_LAST_YEAR}"
    return None


def _text_problem(text: str, longest: int | None) -> str | None:
    if longest is not None and len(text) > longest:
        return f"it is longer than {longest} characters"
    if not can_be_stored(text):
        return "it contains characters that cannot be stored"
    return None
