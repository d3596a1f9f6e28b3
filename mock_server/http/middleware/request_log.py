"""Logs and counts one request for the operator: an id in the response, a line in the log, a count for Prometheus."""

import logging
from contextvars import ContextVar
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from mock_server.http.context import RequestContext

log = logging.getLogger("mock_server")

REQUEST: ContextVar[str | None] = ContextVar("mock_server_request", default=None)
"""The id of the request that is being handled."""


class RequestLogEntry:
    """The log entry of one request. `end` may be called several times; the first call counts."""

    def __init__(self, context: RequestContext, *, surface: str, sandbox: str) -> None:
        self._context = context
        self._surface = surface
        self._sandbox = sandbox
        self._path = context.path
        self._started = perf_counter()
        self._status: int | None = None
        self._has_ended = False

    def wrap_send(self, send: Send) -> Send:
        """A `send` that puts the id into the response, and ends the entry with the last byte."""

        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = self._context.request_id
                self._status = message["status"]
            elif not message.get("more_body", False):
                self.end()  # before the client has it all, so that its next request finds it counted
            await send(message)

        return note_and_send

    def end(self) -> None:
        """Count the request, and write the line."""
        if self._has_ended:
            return
        self._has_ended = True
        took, method = perf_counter() - self._started, self._context.method
        self._context.metrics.count_request(
            surface=self._surface, method=method, status=self._status, seconds=took
        )
        if (fault := self._context.fault) is not None:
            self._context.metrics.count_fault(surface=self._surface, preset=fault.preset)
        if log.isEnabledFor(logging.INFO):
            self._write(method, took, fault.name if fault else None)

    def _write(self, method: str, took: float, fault: str | None) -> None:
        fields = {
            "method": method,
            "path": self._path,
            "status": self._status,
            "duration_ms": round(took * 1000, 1),
            "surface": self._surface,
            "sandbox": self._sandbox,
            "client_id": self._context.client_id,
            "error": self._context.error_code,
            "fault": fault,
        }
        log.info("%s %s %s", method, self._path, self._status or "cut off", extra=fields)
