"""`MockServer` for asynchronous tests: the same methods, awaited, so that they do not block the event loop.

This matters if the app under test runs in the test's event loop: `advance` returns after its webhooks were delivered,
and a blocked loop could not respond to them. Works with asyncio and trio.
"""

from collections.abc import Callable, Collection, Coroutine
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import anyio.to_thread

from mock_server.testing.server import MockServer, RegisteredClient

if TYPE_CHECKING:
    from mock_server.review.findings import ReportedFinding

P = ParamSpec("P")
Answer = TypeVar("Answer")


def _awaited(
    method: Callable[Concatenate[MockServer, P], Answer],
) -> "Callable[Concatenate[AsyncMockServer, P], Coroutine[Any, Any, Answer]]":
    """The method, run in a worker thread."""

    @wraps(method)
    async def call(self: "AsyncMockServer", /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        return await anyio.to_thread.run_sync(partial(method, self.blocking, *args, **kwargs))

    return call


class AsyncMockServer:
    """A started server with awaitable methods. `blocking` is the same server with blocking methods."""

    def __init__(self, server: MockServer) -> None:
        self.blocking = server

    @property
    def url(self) -> str:
        """The base of all URLs."""
        return self.blocking.url

    async def client(self) -> RegisteredClient:
        """The client that is used when none is named."""
        return (await self.clients())[0]

    @property
    def review(self) -> "AsyncReview":
        """What clients did wrong so far: `findings`, `assert_clean` and `probe`, all awaitable."""
        return AsyncReview(self.blocking)

    async def fork(self, name: str | None = None, *, snapshot: str | None = None) -> "AsyncMockServer":
        """A new sandbox: a copy of this one, or of one of its snapshots."""
        return AsyncMockServer(await self._fork(name, snapshot=snapshot))

    _fork = _awaited(MockServer.fork)
    clients = _awaited(MockServer.clients)
    authorize = _awaited(MockServer.authorize)
    tokens = _awaited(MockServer.tokens)
    approve_next = _awaited(MockServer.approve_next)
    authorizations = _awaited(MockServer.authorizations)
    revoke = _awaited(MockServer.revoke)
    expire = _awaited(MockServer.expire)
    shorten = _awaited(MockServer.shorten)
    renumber = _awaited(MockServer.renumber)
    exchange_meter = _awaited(MockServer.exchange_meter)
    move_out = _awaited(MockServer.move_out)
    requests = _awaited(MockServer.requests)
    approve = _awaited(MockServer.approve)
    decline = _awaited(MockServer.decline)
    customers = _awaited(MockServer.customers)
    create_customer = _awaited(MockServer.create_customer)
    messages = _awaited(MockServer.messages)
    now = _awaited(MockServer.now)
    advance = _awaited(MockServer.advance)
    freeze = _awaited(MockServer.freeze)
    set_clock = _awaited(MockServer.set_clock)
    fault = _awaited(MockServer.fault)
    faults = _awaited(MockServer.faults)
    disarm = _awaited(MockServer.disarm)
    exchanges = _awaited(MockServer.exchanges)
    wait_for = _awaited(MockServer.wait_for)
    add_webhook = _awaited(MockServer.add_webhook)
    events = _awaited(MockServer.events)
    fire = _awaited(MockServer.fire)
    deliver = _awaited(MockServer.deliver)
    snapshot = _awaited(MockServer.snapshot)
    restore = _awaited(MockServer.restore)
    export_state = _awaited(MockServer.export_state)
    import_state = _awaited(MockServer.import_state)
    reset = _awaited(MockServer.reset)
    control = _awaited(MockServer.control)


class AsyncReview:
    """`MockServer.review` with awaitable methods."""

    def __init__(self, server: MockServer) -> None:
        self._server = server

    async def findings(self, client_id: str | None = None) -> "list[ReportedFinding]":
        """Every finding, of all clients or of one, in chronological order."""
        return await anyio.to_thread.run_sync(self._server.review.findings, client_id)

    async def assert_clean(self, ignore: Collection[str] = (), **options: Any) -> None:
        """Raises AssertionError that lists the findings; takes the options of `Review.assert_clean`."""
        await anyio.to_thread.run_sync(partial(self._server.review.assert_clean, ignore, **options))

    async def probe(self, client_id: str | None = None) -> list[dict[str, Any]]:
        """Send the client's webhooks events with a wrong signature; returns the attempts with their responses."""
        return await anyio.to_thread.run_sync(self._server.review.probe, client_id)
