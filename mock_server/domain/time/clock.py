"""The sandbox's clock: the machine's clock plus an offset, or frozen. The only reader of the machine's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOMENT = timedelta(microseconds=1)
"""The resolution of stored timestamps."""


@dataclass(frozen=True, kw_only=True)
class ClockState:
    """The offset of the sandbox's clock from the machine's, and its time if it is frozen."""

    offset: timedelta = timedelta()
    frozen: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """The sandbox's clock. It reads its state at each call, so that all workers agree."""

    read_state: Callable[[], ClockState]
    machine_now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """Returns the sandbox's current time, in UTC."""
        return self.at(self.read_state())

    def at(self, state: ClockState) -> datetime:
        """Returns the current time of a clock in that state, in UTC."""
        return state.frozen or self.machine_now() + state.offset

    def offset_for(self, instant: datetime) -> timedelta:
        """Returns the offset that sets the clock to `instant` now."""
        return instant - self.machine_now()
