"""One mock utility: its settings, store, clock, randomness and journal. Every action takes it first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import SandboxState
from mock_server.domain.time.clock import Clock, ClockState
from mock_server.fixtures import Fixtures
from mock_server.journal import Journal
from mock_server.settings import Settings
from mock_server.store import OpenTransaction, Store, Transaction

if TYPE_CHECKING:
    import httpx

P = ParamSpec("P")
Answer = TypeVar("Answer")

DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """One utility with its customers and clients; a server holds one called `default`."""

    name: str
    settings: Settings
    fixtures: Fixtures
    store: Store
    clock: Clock
    random: Randomness
    journal: Journal
    open_http: "Callable[[], httpx.Client]"
    moving: Lock = field(default_factory=Lock, compare=False)
    """Held while a call moves the clock: what that brings is the call's to tell, and not the background's to take."""

    def reading(self) -> OpenTransaction:
        """A read transaction with a consistent view of the sandbox, including its clock."""
        return self.store.reading(self._set_clock)

    def writing(self, *, exclusive: bool = False) -> OpenTransaction:
        """A write transaction with its own `now`. Raises what `Store.writing` raises."""
        return self.store.writing(self._set_clock, exclusive=exclusive)

    def beginning(self, *, source: str | None = None) -> OpenTransaction:
        """A write transaction of a sandbox that may not exist yet (`Store.beginning`)."""
        return self.store.beginning(self._set_clock, source=source)

    def _set_clock(self, transaction: Transaction) -> None:
        transaction.read_clock, transaction.machine_now = self._instant_of, self.clock.machine_now

    def _instant_of(self, state: SandboxState | None) -> datetime:
        return self.clock.at(ClockState() if state is None else clock_state(state))

    @property
    def prefix(self) -> str:
        """How every path of the sandbox begins."""
        return "" if self.name == DEFAULT else f"/~{self.name}"

    def write(
        self,
        action: Callable[Concatenate["Sandbox", Transaction, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run an action as one unit of work: a transaction that is committed once the action returns.

        An error undoes it, unless it is the one of `Transaction.commit_with`.
        """
        with self.writing() as transaction:
            return action(self, transaction, *args, **kwargs)

    def write_alone(
        self,
        action: Callable[Concatenate["Sandbox", Transaction, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """The same while nobody else writes to the sandbox."""
        with self.writing(exclusive=True) as transaction:
            return action(self, transaction, *args, **kwargs)

    def read(
        self,
        action: Callable[Concatenate["Sandbox", Transaction, P], Answer],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """The same for an action that writes nothing: it sees one moment of the sandbox."""
        with self.reading() as transaction:
            return action(self, transaction, *args, **kwargs)

    def attempt(self, action: Callable[P, Answer], /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        """Run database work, and repeat it if it collides with another transaction (`Store.attempt`)."""
        return self.store.attempt(partial(action, *args, **kwargs))

    async def run(self, action: Callable[P, Answer], /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        """Run database work from the event loop, where the store wants it to run."""
        return await self.store.run(partial(action, *args, **kwargs))


def clock_state(state: SandboxState) -> ClockState:
    """The clock as the sandbox remembers it."""
    return ClockState(offset=timedelta(seconds=state.clock_offset_seconds), frozen=state.clock_frozen)


def make_sandbox(
    name: str,
    *,
    settings: Settings,
    fixtures: Fixtures,
    store: Store,
    open_http: "Callable[[], httpx.Client]",
) -> Sandbox:
    """A sandbox whose clock follows what the store remembers, so that all workers agree."""

    def read_clock() -> ClockState:
        state = store.find_state()
        return ClockState() if state is None else clock_state(state)

    random = Randomness(settings.seed)
    return Sandbox(
        name=name,
        settings=settings,
        fixtures=fixtures,
        store=store,
        clock=Clock(read_clock),
        random=random,
        journal=Journal(key=random.secret().encode()),
        open_http=open_http,
    )
