"""The sandbox's time: the machine's clock moved by an offset, or frozen. The only reader of real time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOMENT = timedelta(microseconds=1)
"""The shortest time between two instants that the store can tell apart."""


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """How far the sandbox's clock runs ahead of the machine's, and where it stands if it is frozen."""

    offset: timedelta = timedelta()
    frozen: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """Tells the sandbox's time from a state that is read anew each time, so that all workers agree."""

    read_state: Callable[[], ClockState]
    machine_now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The sandbox's instant, in UTC."""
        return self.at(self.read_state())

    def at(self, state: ClockState) -> datetime:
        """The instant that a state means just now."""
        return state.frozen or self.machine_now() + state.offset

    def offset_for(self, instant: datetime) -> timedelta:
        """The offset that makes the clock show `instant` just now."""
        return instant - self.machine_now()
