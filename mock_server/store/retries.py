"""Repeats work that collided with another transaction, a limited number of times."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from mock_server.store.sql.driver_errors import COLLISIONS

Answer = TypeVar("Answer")


@dataclass
class _Attempt:
    """One go at some work, within another go where that called it."""

    outer: "_Attempt | None"
    has_written: bool = False


_ATTEMPT: ContextVar[_Attempt | None] = ContextVar("mock_server_attempt", default=None)


def attempt(
    work: Callable[[], Answer], *, pauses: Sequence[float], wait: Callable[[float], object]
) -> Answer:
    """Do the work; after a collision wait for so many seconds and do it again, once for each pause.

    Work that has committed something is not done again: that would happen twice. Raises what the last go raises.
    """
    for pause in pauses:
        current = _Attempt(_ATTEMPT.get())
        token = _ATTEMPT.set(current)
        try:
            return work()
        except COLLISIONS:
            if current.has_written:
                raise
        finally:
            _ATTEMPT.reset(token)
        wait(pause)
    return work()


def note_commit() -> None:
    """A transaction that wrote was committed: no attempt around it may be repeated."""
    current = _ATTEMPT.get()
    while current is not None:
        current.has_written = True
        current = current.outer
