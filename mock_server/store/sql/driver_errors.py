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
    """Two transactions waited for each other, and the database undid this one."""


class Duplicate(Conflict):
    """Somebody else added the same at the same moment."""


COLLISIONS: Final = (Collided, Duplicate)
"""What does not happen again when the same is tried a moment later."""


def meaning_of(error: Exception, driver: Any) -> MockServerError | None:  # whatever module the driver is
    """The error of ours, logged where an operator has to act; None for a mistake of our own."""
    state, name = getattr(error, "sqlstate", None), getattr(error, "sqlite_errorname", None)
    if state in _COLLIDED:
        return Collided("Too many requests changed the same at once, so nothing was done. Send it again.")
    if state == _DUPLICATE or name in _DUPLICATE_NAMES:
        return Duplicate(
            "Another request did the same at the same moment, so nothing was done. Send it again."
        )
    if isinstance(error, driver.DataError):
        return InvalidRequest(
            "The request has a text or a number that no database keeps, such as a text with a NUL in it (%00). "
            "Send it without."
        )
    if _is_gone(error, driver) or state == _NO_TABLE or name in _DAMAGED_NAMES:
        log.error("The database does not answer: %s", str(error).strip())
        return TemporarilyUnavailable(
            "The server's database does not answer, so nothing was done. Try again in a moment; the log says why."
        )
    return None


def _is_gone(error: Exception, driver: Any) -> bool:
    """No database, a full or locked one, or no free connection to it."""
    kinds = (driver.OperationalError, driver.InterfaceError, driver.InternalError, NoConnectionFree)
    return isinstance(error, kinds)
