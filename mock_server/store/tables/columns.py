"""Column types, and tables whose rows have the sandbox's name.

Timestamps are microseconds since 1970. Money, dates and nested records are JSON, written and read by pydantic from
the records' own types.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as integer microseconds, which all databases sort and compare in the same way."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


def is_number(value: object) -> bool:
    """Whether the value is an id that `Number` stores unchanged."""
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_NOTHING = -1


class Number(TypeDecorator[str]):
    """An id that is a string of digits outside and sorts as a number inside.

    Any other string, which only occurs in look-ups, matches no row.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(value) if _NUMBER.fullmatch(value) else _NOTHING

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


class Json(TypeDecorator[Any]):
    """A nested value of a record, as JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # any type expression that pydantic understands
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _adapter(self.kind).dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else _adapter(self.kind).validate_json(value)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


metadata = MetaData()
_INDEXED = "indexed"


def column(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], *, optional: bool = False, index: bool = False
) -> Column[Any]:
    """A column; not null unless it is optional. `index` adds an index for look-ups by it."""
    return Column(name, kind, nullable=optional, info={_INDEXED: index})


def table(name: str, *columns: Column[Any], key: tuple[str, ...], has_large_rows: bool = False) -> Table:
    """A table whose rows each belong to a sandbox; `key` is unique within it.

    An index begins with the sandbox and ends with the key. Otherwise SQLite uses the primary key instead, and reads the
    whole sandbox in order. It has no entry for a row without a value. SQLite stores small rows in the primary key
    itself: each tree that a row is written to costs a page of the write-ahead log, and that is most of a commit.
    """
    found = Table(
        name,
        metadata,
        Column("sandbox", String(40), nullable=False),
        *columns,
        PrimaryKeyConstraint("sandbox", *key),
        sqlite_with_rowid=has_large_rows,
    )
    for one in columns:
        if one.info[_INDEXED]:
            has_value = one.is_not(None) if one.nullable else None
            Index(
                f"ix_{name}_{one.name}",
                found.c.sandbox,
                one,
                *(found.c[part] for part in key),
                sqlite_where=has_value,
                postgresql_where=has_value,
            )
    return found
