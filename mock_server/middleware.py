"""What happens to every request: it gets an id, a sandbox, the links to print, and a place in the journal.

Pure ASGI, nothing buffered.
"""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.core.errors import MockServerError
from mock_server.core.records import SandboxState
from mock_server.faults import CONNECTION, Connection, Victim, find_fault, strike
from mock_server.journal import Taken
from mock_server.paths import CONTROL, links_for
from mock_server.recording import Recording, taken_from
from mock_server.sandbox import Sandbox
from mock_server.sandboxes import Sandboxes, named_in
from mock_server.surface import LINKS, REQUEST_ID, SANDBOX, SANDBOXES, Surface, surface_at

log = logging.getLogger("mock_server")


class Entrance:
    """Chooses the sandbox, in this one place, before any surface sees the request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sandboxes: Sandboxes,
        surfaces: tuple[Surface, ...],
        wait: Callable[[float], Awaitable[None]],
    ) -> None:
        self._app = app
        self._sandboxes = sandboxes
        self._surfaces = surfaces
        self._wait = wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, prefix = named_in(scope["path"])
        _leave_out(scope, prefix)
        request_id = self._sandboxes.default.chance.secret()[:32]
        answer = _with_id(send, scope, request_id)
        with self._sandboxes.default.store.one_look():
            scope[REQUEST_ID] = request_id
            try:
                sandbox = await self._sandboxes.choose(name)
            except MockServerError as error:
                await self._turned_away(error, scope, receive, answer)
                return
            scope[SANDBOX], scope[SANDBOXES] = sandbox, self._sandboxes
            scope[LINKS] = links_for(
                sandbox.settings,
                scheme=scope["scheme"],
                host=Headers(scope=scope).get("host", ""),
                prefix=prefix,
            )
            if scope["path"].startswith(CONTROL):  # the test author's calls are not what the client did
                await self._app(scope, receive, answer)
            else:
                state = await sandbox.run(sandbox.store.find_state)
                taken = taken_from(scope, request_id=request_id, at=sandbox.clock.now(), prefix=prefix)
                await self._recorded(sandbox, state, taken, scope, receive, answer)

    async def _turned_away(self, error: MockServerError, scope: Scope, receive: Receive, send: Send) -> None:
        """There is no such sandbox and there can be none: `default` tells so, in the protocol of the address."""
        default = self._sandboxes.default
        host = Headers(scope=scope).get("host", "")
        scope[SANDBOX], scope[SANDBOXES] = default, self._sandboxes
        scope[LINKS] = links_for(default.settings, scheme=scope["scheme"], host=host, prefix="")
        response = surface_at(self._surfaces, scope["path"]).render_error(Request(scope), error)
        await response(scope, receive, send)

    async def _recorded(
        self,
        sandbox: Sandbox,
        state: SandboxState | None,
        taken: Taken,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        recording = Recording(scope, taken, keep=sandbox.journal.page().add)
        if isinstance(connection := scope.get(CONNECTION), Connection):
            connection.tell_before_end(recording.end)
        heard, told = recording.hearing(receive), recording.telling(send)
        try:
            if state is not None and state.has_faults:
                await self._under_fault(sandbox, taken, scope, heard, told)
            else:
                await self._app(scope, heard, told)
        except ConnectionResetError:  # a fault, where there is no connection to break
            raise
        except Exception:
            recording.end(status=500)  # answered outside of here
            raise
        finally:
            recording.end()

    async def _under_fault(
        self, sandbox: Sandbox, taken: Taken, scope: Scope, receive: Receive, send: Send
    ) -> None:
        surface = surface_at(self._surfaces, scope["path"])
        fault, victim = await find_fault(
            Victim(sandbox=sandbox, surface=surface, app=self._app, scope=scope, receive=receive, send=send)
        )
        if fault is None:
            await self._app(scope, victim.receive, send)
            return
        taken.fault = fault.name
        await strike(fault, victim, wait=self._wait)


def _leave_out(scope: Scope, prefix: str) -> None:
    """Take the sandbox's prefix off the path: from here on every sandbox has the same addresses."""
    if prefix:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        leads = scope["path"].startswith(prefix)
        scope["path"] = scope["path"].replace(prefix, "", 1) or "/"
        scope["raw_path"] = (
            b"/" + raw_path.lstrip(b"/").partition(b"/")[2] if leads else scope["path"].encode()
        )


def _with_id(send: Send, scope: Scope, request_id: str) -> Send:
    """Put the id into the answer, and a line into the log."""
    started = perf_counter()

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["X-Request-Id"] = request_id
            took = (perf_counter() - started) * 1000
            log.info(
                "%s %s %d %.1fms id=%s", scope["method"], scope["path"], message["status"], took, request_id
            )
        await send(message)

    return answer
