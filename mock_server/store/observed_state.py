"""The sandboxes' states as one request observed them, until it writes or ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from mock_server.domain.errors import SandboxReplaced
from mock_server.domain.records import SandboxState


@dataclass
class ObservedState:
    """By database and sandbox: the state as last seen, the incarnation as first seen, and a state by a fault."""

    states: dict[str, SandboxState] = field(default_factory=dict)
    incarnations: dict[str, str] = field(default_factory=dict)
    pretended: dict[str, SandboxState] = field(default_factory=dict)
    is_over: bool = False  # a task that the request began has it still

    def see(self, name: str, state: SandboxState) -> None:
        """Remember what was read."""
        self.states[name] = state
        self.incarnations.setdefault(name, state.incarnation)

    def knows(self, name: str) -> bool:
        """Whether the request has met that sandbox."""
        return name in self.incarnations

    def check(self, name: str, incarnation: str) -> None:
        """Whether this is the sandbox that the request began with. Raises SandboxReplaced."""
        if self.incarnations.setdefault(name, incarnation) != incarnation:
            raise SandboxReplaced(
                "The sandbox was reset or replaced while this request was under way, so nothing was done. Send the "
                "request again."
            )

    def note_commit(self, name: str, state: SandboxState | None) -> None:
        """The request wrote, and `state` is what it left; None: it ended the sandbox."""
        if state is None:
            self.incarnations.pop(name, None)
        else:
            self.states[name], self.incarnations[name] = state, state.incarnation


_LOOK: ContextVar[ObservedState | None] = ContextVar("mock_server_look", default=None)


def current_observed_state() -> ObservedState | None:
    """The look of the request that runs here, if there is one."""
    found = _LOOK.get()
    return None if found is None or found.is_over else found


@contextmanager
def observing_state() -> Iterator[None]:
    """Within the block all belongs to one request."""
    look = ObservedState()
    token = _LOOK.set(look)
    try:
        yield
    finally:
        _LOOK.reset(token)
        look.is_over = True
