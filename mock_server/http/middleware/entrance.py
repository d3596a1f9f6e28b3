"""What happens to every request: it gets an id, a sandbox, the links to print, a place in the journal.

Pure ASGI, nothing buffered. Whatever fails on the way to a surface is answered as the surface would.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.domain.errors import MockServerError, TemporarilyUnavailable
from mock_server.domain.network.hosts import requested_host
from mock_server.domain.records import Fault, SandboxState
from mock_server.http.faults import (
    CONNECTION,
    Connection,
    FaultTarget,
    apply_fault,
    corrupting_callbacks,
    find_fault,
)
from mock_server.http.metrics import Metrics
from mock_server.http.middleware.journal_recorder import JournalRecorder, taken_from
from mock_server.http.middleware.request_limits import check_headers, in_time
from mock_server.http.middleware.request_log import REQUEST, RequestLogEntry
from mock_server.http.sandboxes import Sandboxes, named_in
from mock_server.http.surface import (
    FAULT,
    LINKS,
    METRICS,
    REQUEST_ID,
    SANDBOX,
    SANDBOXES,
    Surface,
    surface_at,
)
from mock_server.journal import Taken
from mock_server.sandbox import Sandbox
from mock_server.urls import CONTROL, links_for

_STOPPING = (
    "The server is being stopped and did not wait for the end of this. Look whether it was done, and send it again if "
    "it was not."
)


class RequestMiddleware:
    """Chooses the sandbox, in this one place, before any surface sees the request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sandboxes: Sandboxes,
        surfaces: tuple[Surface, ...],
        wait: Callable[[float], Awaitable[None]],
        refuse: Callable[[Request, Exception], Awaitable[Response]],
        metrics: Metrics,
        longest_body: float,
    ) -> None:
        self._app = app
        self._sandboxes = sandboxes
        self._surfaces = surfaces
        self._wait = wait
        self._refuse = refuse
        self._metrics = metrics
        self._longest_body = longest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, prefix = named_in(scope["path"])
        _leave_out(scope, prefix)
        request_id = self._sandboxes.default.random.secret()[:32]
        noted = REQUEST.set(request_id)
        log_entry = RequestLogEntry(
            scope,
            request_id=request_id,
            surface=surface_at(self._surfaces, scope["path"]).name,
            sandbox=name,
            metrics=self._metrics,
        )
        self._begin(scope, request_id)
        answer = log_entry.wrap_send(send)
        try:
            with self._sandboxes.default.store.observing_state():
                receiving = in_time(receive, longest=self._longest_body)
                enter = partial(self._in_sandbox, name, prefix, request_id)
                await self._answered(enter, scope, receiving, answer)
        finally:
            log_entry.end()
            self._metrics.load()  # after the first answer: nobody waits for it
        REQUEST.reset(noted)  # a mistake of ours is logged outside of here, with the id

    def _begin(self, scope: Scope, request_id: str) -> None:
        """Give the request all that an error is rendered with, before anything can fail: for now in `default`."""
        scope[REQUEST_ID], scope[METRICS], scope[SANDBOXES] = request_id, self._metrics, self._sandboxes
        scope[SANDBOX] = self._sandboxes.default
        scope[LINKS] = links_for(self._sandboxes.default.settings, scheme=scope["scheme"], host=None)

    async def _answered(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer. What it raises before is answered here, in the shape of the address.

        An exception that is no refusal is a bug of ours: it goes on to the server's log.
        """
        has_begun = False

        async def sending(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await app(scope, receive, sending)
        except ConnectionResetError:  # a fault, where there is no connection to break
            raise
        except asyncio.CancelledError:  # nothing else cancels a request than the end of the server
            if has_begun:
                raise
            response = await self._refuse(Request(scope), TemporarilyUnavailable(_STOPPING))
            await response(scope, receive, send)
        except Exception as error:
            if not has_begun:
                response = await self._refuse(Request(scope), error)
                await response(scope, receive, send)
            if has_begun or not isinstance(error, MockServerError):
                raise

    async def _in_sandbox(
        self, name: str, prefix: str, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        check_headers(scope)
        host = requested_host(scope["headers"])
        default = self._sandboxes.default
        scope[LINKS] = links_for(default.settings, scheme=scope["scheme"], host=host)
        sandbox = await self._sandboxes.choose(name)
        if scope["path"].startswith(CONTROL):  # the test author's calls are not what the client did
            state, taken = None, None
            with suppress(TemporarilyUnavailable):  # whether that is so, health says without a database
                await sandbox.run(sandbox.store.find_state)
        else:
            state = await sandbox.run(sandbox.store.find_state)
            taken = taken_from(scope, request_id=request_id, at=sandbox.clock.now(), prefix=prefix)
        scope[SANDBOX] = sandbox
        scope[LINKS] = links_for(sandbox.settings, scheme=scope["scheme"], host=host, prefix=prefix)
        if taken is None:
            await self._app(scope, receive, send)
        else:
            await self._recorded(sandbox, state, taken, scope, receive, send)

    async def _recorded(
        self,
        sandbox: Sandbox,
        state: SandboxState | None,
        taken: Taken,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        recorder = JournalRecorder(scope, taken, page=await sandbox.journal.begin())
        if isinstance(connection := scope.get(CONNECTION), Connection):
            connection.call_before_end(recorder.end)
        receiving, told = recorder.wrap_receive(receive), recorder.wrap_send(send)
        is_under_fault = state is not None and state.has_faults
        app = partial(self._under_fault, sandbox, taken) if is_under_fault else self._app
        try:
            await self._answered(app, scope, receiving, told)
        except ConnectionResetError:  # a fault, where there is no connection to break
            raise
        except Exception:
            await recorder.ended(status=500)  # where not even the error could be rendered
            raise
        finally:
            await recorder.ended()

    async def _under_fault(
        self, sandbox: Sandbox, taken: Taken, scope: Scope, receive: Receive, send: Send
    ) -> None:
        surface = surface_at(self._surfaces, scope["path"])
        fault, target = await find_fault(
            FaultTarget(
                sandbox=sandbox, surface=surface, app=self._app, scope=scope, receive=receive, send=send
            )
        )

        def fault_applied(by: Fault) -> None:
            taken.fault = by.name
            scope[FAULT] = by

        if fault is None:
            await self._app(scope, target.receive, corrupting_callbacks(target, fault_applied=fault_applied))
            return
        fault_applied(fault)
        await apply_fault(fault, target, wait=self._wait)


def _leave_out(scope: Scope, prefix: str) -> None:
    """Take the sandbox's prefix off the path: from here on every sandbox has the same addresses."""
    if prefix:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        leads = scope["path"].startswith(prefix)
        scope["path"] = scope["path"].replace(prefix, "", 1) or "/"
        scope["raw_path"] = (
            b"/" + raw_path.lstrip(b"/").partition(b"/")[2] if leads else scope["path"].encode()
        )
