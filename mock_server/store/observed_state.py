"""The states of sandboxes as one request observed them, until it writes or ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from mock_server.domain.errors import SandboxReplaced
from mock_server.domain.records import SandboxState


@dataclass
class ObservedState:
    """By database and sandbox: the last observed state, the first observed incarnation, and a fault's state."""

    states: dict[str, SandboxState] = field(default_factory=dict)
    incarnations: dict[str, str] = field(default_factory=dict)
    pretended: dict[str, SandboxState] = field(default_factory=dict)
    is_over: bool = False  # a task that outlives the request still has this object

    def see(self, name: str, state: SandboxState) -> None:
        """Remember a state that was read."""
        self.states[name] = state
        self.incarnations.setdefault(name, state.incarnation)

    def knows(self, name: str) -> bool:
        """Whether the request has read that sandbox."""
        return name in self.incarnations

    def check(self, name: str, incarnation: str) -> None:
        """Check that this is the sandbox that the request began with. Raises SandboxReplaced."""
        if self.incarnations.setdefault(name, incarnation) != incarnation:
            raise SandboxReplaced(
                "The sandbox was reset or replaced during this request, so nothing was done. Send the request again."
            )

    def note_commit(self, name: str, state: SandboxState | None) -> None:
        """Note that the request committed `state`; None if it deleted the sandbox."""
        if state is None:
            self.incarnations.pop(name, None)
        else:
            self.states[name], self.incarnations[name] = state, state.incarnation


_OBSERVED: ContextVar[ObservedState | None] = ContextVar("mock_server_look", default=None)


def current_observed_state() -> ObservedState | None:
    """The states that the current request observed; None outside a request."""
    found = _OBSERVED.get()
    return None if found is None or found.is_over else found


@contextmanager
def observing_state() -> Iterator[None]:
    """Treat everything in the block as one request."""
    observed = ObservedState()
    token = _OBSERVED.set(observed)
    try:
        yield
    finally:
        _OBSERVED.reset(token)
        observed.is_over = True
