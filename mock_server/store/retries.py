"""Retries work that collided with another transaction, a limited number of times."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from mock_server.store.sql.driver_errors import COLLISIONS

Answer = TypeVar("Answer")


@dataclass
class _Attempt:
    """One attempt at some work; `outer` is the attempt that called it."""

    outer: "_Attempt | None"
    has_written: bool = False


_ATTEMPT: ContextVar[_Attempt | None] = ContextVar("mock_server_attempt", default=None)


def attempt(
    work: Callable[[], Answer], *, pauses: Sequence[float], wait: Callable[[float], object]
) -> Answer:
    """Do the work. After each collision wait for the next of `pauses` (seconds) and retry.

    Work that has committed something is not retried, because its effect would be doubled. Raises the last error.
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
    """Note that a write was committed, so that no attempt around it is retried."""
    current = _ATTEMPT.get()
    while current is not None:
        current.has_written = True
        current = current.outer
