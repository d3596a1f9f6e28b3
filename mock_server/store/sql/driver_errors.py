"""Translates drivers' exceptions: no database, an invalid value, a collision."""

import logging
from typing import Any, Final

from sqlalchemy.exc import TimeoutError as NoConnectionFree

from mock_server.domain.errors import Conflict, InvalidRequest, MockServerError, TemporarilyUnavailable

log = logging.getLogger("mock_server")

_NO_TABLE: Final = "42P01"  # PostgreSQL's SQLSTATE codes
_DUPLICATE: Final = "23505"
_COLLIDED: Final = ("40001", "40P01")  # serialization failure, deadlock
_DUPLICATE_NAMES: Final = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")
_DAMAGED_NAMES: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Collided(TemporarilyUnavailable):
    """A deadlock or a serialization failure; the database rolled this transaction back."""


class Duplicate(Conflict):
    """Another transaction added the same row at the same time."""


COLLISIONS: Final = (Collided, Duplicate)
"""Errors that usually disappear when the work is retried."""


def meaning_of(error: Exception, driver: Any) -> MockServerError | None:  # the driver's module
    """Our error for a driver's error, logged if an operator has to act; None for a bug of ours."""
    state, name = getattr(error, "sqlstate", None), getattr(error, "sqlite_errorname", None)
    if state in _COLLIDED:
        return Collided(
            "Too many requests changed the same data at once, so nothing was done. Send the request again."
        )
    if state == _DUPLICATE or name in _DUPLICATE_NAMES:
        return Duplicate(
            "Another request did the same at the same time, so nothing was done. Send the request again."
        )
    if isinstance(error, driver.DataError):
        return InvalidRequest(
            "The request has a text or a number that cannot be stored, such as a text with a NUL character (%00). "
            "Remove it."
        )
    if _is_gone(error, driver) or state == _NO_TABLE or name in _DAMAGED_NAMES:
        log.error("The database is not available: %s", str(error).strip())
        return TemporarilyUnavailable(
            "The server's database is not available, so nothing was done. Try again soon; the log has the reason."
        )
    return None


def _is_gone(error: Exception, driver: Any) -> bool:
    """Whether the database is missing, full or locked, or has no free connection."""
    kinds = (driver.OperationalError, driver.InterfaceError, driver.InternalError, NoConnectionFree)
    return isinstance(error, kinds)
