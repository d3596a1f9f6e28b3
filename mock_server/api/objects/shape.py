"""The base of all objects: timestamps, notes, links to files, and JSON output.

A field that may be null is always there; a block without content is absent, which is why only what was set is
written.
"""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

_WITH_MICROSECONDS = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d$"
Timestamp: TypeAlias = Annotated[
    str, Field(pattern=_WITH_MICROSECONDS, json_schema_extra={"format": "date-time"})
]
Coverage: TypeAlias = list[list[Timestamp]]


class Shape(BaseModel):
    """An object of the API, or a part of one."""

    model_config = ConfigDict(extra="forbid")

    def to_json(self) -> bytes:
        """As JSON."""
        return self.model_dump_json(exclude_unset=True).encode()


class Note(Shape):
    """A note about the collection of data. `eta`: when it is tried again."""

    type: str
    msg: str
    ts: Timestamp
    eta: Timestamp | None = None
    bill_note_type: str | None = None
    bill_statement_date: Timestamp | None = None
    bill_uid: str | None = None
    last_updated: Timestamp | None = None


class Export(Shape):
    """A file that holds the same data."""

    name: str
    link: str


class Success(Shape):
    """The request succeeded."""

    success: bool
