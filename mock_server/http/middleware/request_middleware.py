"""The middleware around all surfaces: it creates the request context and chooses the sandbox.

Pure ASGI; nothing is buffered. An error raised before a surface handles the request is rendered in the shape of the
surface whose address was called.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.domain.errors import TemporarilyUnavailable
from mock_server.domain.network.hosts import requested_host
from mock_server.domain.records import Fault, SandboxState
from mock_server.http.context import ErrorRenderer, RequestContext, Services, attach
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
from mock_server.http.responses.framework_errors import EXPECTED
from mock_server.http.sandboxes import Sandboxes, named_in
from mock_server.http.surface import Surface, surface_at
from mock_server.journal import Taken
from mock_server.urls import CONTROL, links_for

_STOPPING = "The server stopped before this request ended. Check whether it took effect before you retry."


class RequestMiddleware:
    """Creates the request context and resolves the sandbox, before any surface sees the request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sandboxes: Sandboxes,
        surfaces: tuple[Surface, ...],
        services: Services,
        metrics: Metrics,
        wait: Callable[[float], Awaitable[None]],
        render_error: ErrorRenderer,
        longest_body: float,
    ) -> None:
        self._app = app
        self._sandboxes = sandboxes
        self._surfaces = surfaces
        self._services = services
        self._metrics = metrics
        self._wait = wait
        self._render_error = render_error
        self._longest_body = longest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, prefix = named_in(scope["path"])
        _strip_prefix(scope, prefix)
        context = self._new_context(scope)
        token = REQUEST.set(context.request_id)
        surface = surface_at(self._surfaces, scope["path"])
        log_entry = RequestLogEntry(context, surface=surface.name, sandbox=name)
        try:
            with self._sandboxes.default.store.observing_state():
                await self._with_errors_rendered(
                    context,
                    partial(self._in_sandbox, context, name, prefix),
                    scope,
                    in_time(receive, longest=self._longest_body),
                    log_entry.wrap_send(send),
                )
        finally:
            log_entry.end()
            self._metrics.load()  # after the first response, so that it is not delayed
        REQUEST.reset(token)  # not after an exception: the server logs it outside of here, with the id

    def _new_context(self, scope: Scope) -> RequestContext:
        """A context with all that an error is rendered with, before anything can fail; its sandbox is `default`."""
        default = self._sandboxes.default
        context = RequestContext(
            Request(scope),
            request_id=default.random.secret()[:32],
            sandboxes=self._sandboxes,
            links=links_for(default.settings, scheme=scope["scheme"], host=None),
            metrics=self._metrics,
            services=self._services,
        )
        attach(context, scope)
        return context

    async def _with_errors_rendered(
        self, context: RequestContext, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Call the application, and render what it raises before its response begins.

        An unexpected exception is a bug: it is also raised, for the server's log.
        """
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await app(scope, receive, send_and_note)
        except ConnectionResetError:  # a fault, where there is no connection to break
            raise
        except asyncio.CancelledError:  # only a server that stops cancels a request
            if has_begun:
                raise
            response = await self._render_error(context, TemporarilyUnavailable(_STOPPING))
            await response(scope, receive, send)
        except Exception as error:
            if not has_begun:
                response = await self._render_error(context, error)
                await response(scope, receive, send)
            if has_begun or not isinstance(error, EXPECTED):
                raise

    async def _in_sandbox(
        self, context: RequestContext, name: str, prefix: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        check_headers(scope)
        host = requested_host(scope["headers"])
        context.links = links_for(self._sandboxes.default.settings, scheme=context.scheme, host=host)
        sandbox = await self._sandboxes.choose(name)
        if context.path.startswith(CONTROL):  # the journal does not hold the test author's own calls
            state, taken = None, None
            with suppress(TemporarilyUnavailable):  # /_mock/health reports it, without a database
                await sandbox.run(sandbox.store.find_state)
        else:
            state = await sandbox.run(sandbox.store.find_state)
            taken = taken_from(scope, request_id=context.request_id, at=sandbox.clock.now(), prefix=prefix)
        context.sandbox = sandbox
        context.links = links_for(sandbox.settings, scheme=context.scheme, host=host, prefix=prefix)
        if taken is None:
            await self._app(scope, receive, send)
        else:
            await self._recorded(context, state, taken, scope, receive, send)

    async def _recorded(
        self,
        context: RequestContext,
        state: SandboxState | None,
        taken: Taken,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Handle the request and write it to the journal."""
        recorder = JournalRecorder(context, taken, page=await context.sandbox.journal.begin())
        if isinstance(connection := scope.get(CONNECTION), Connection):
            connection.call_before_end(recorder.end)
        is_under_fault = state is not None and state.has_faults
        app = partial(self._under_fault, context, taken) if is_under_fault else self._app
        try:
            await self._with_errors_rendered(
                context, app, scope, recorder.wrap_receive(receive), recorder.wrap_send(send)
            )
        except ConnectionResetError:  # a fault, where there is no connection to break
            raise
        except Exception:
            await recorder.ended(status=500)  # where not even the error could be rendered
            raise
        finally:
            await recorder.ended()

    async def _under_fault(
        self, context: RequestContext, taken: Taken, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Handle the request, with the effect of the fault that matches it."""
        surface = surface_at(self._surfaces, scope["path"])
        fault, target = await find_fault(
            FaultTarget(
                context=context, surface=surface, app=self._app, scope=scope, receive=receive, send=send
            )
        )

        def note_fault(fault: Fault) -> None:
            taken.fault = fault.name
            context.fault = fault

        if fault is None:
            await self._app(scope, target.receive, corrupting_callbacks(target, on_fault=note_fault))
            return
        note_fault(fault)
        await apply_fault(fault, target, wait=self._wait)


def _strip_prefix(scope: Scope, prefix: str) -> None:
    """Remove the sandbox's prefix from the path: behind the middleware every sandbox has the same paths."""
    if prefix:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        leads = scope["path"].startswith(prefix)
        scope["path"] = scope["path"].replace(prefix, "", 1) or "/"
        scope["raw_path"] = (
            b"/" + raw_path.lstrip(b"/").partition(b"/")[2] if leads else scope["path"].encode()
        )
