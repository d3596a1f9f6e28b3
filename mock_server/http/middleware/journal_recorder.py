"""Records one request and its response for the journal. Pure ASGI: stores the heads of bodies and delays nothing."""

from datetime import datetime
from time import perf_counter

from starlette.types import Message, Receive, Scope, Send

from mock_server.http.context import RequestContext
from mock_server.journal import Page, Taken


class JournalRecorder:
    """The record of one exchange so far. `ended` and `end` may be called several times; the first call counts."""

    def __init__(self, context: RequestContext, taken: Taken, *, page: Page) -> None:
        self._context = context
        self._taken = taken
        self._page = page
        taken.started = perf_counter()
        self._has_ended = False

    def wrap_receive(self, receive: Receive) -> Receive:
        """A `receive` that records the head of the request body."""
        head = self._taken.request_body

        async def receive_and_record() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                head.take(message.get("body", b""))
            return message

        return receive_and_record

    def wrap_send(self, send: Send) -> Send:
        """A `send` that records the response."""
        taken, head = self._taken, self._taken.response_body

        async def record_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                taken.status, taken.response_headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                head.take(message.get("body", b""))
                if not message.get("more_body", False):
                    # Before the client has it all, so that the journal holds it when the client asks for it.
                    await self.ended()
            await send(message)

        return record_and_send

    async def ended(self, *, status: int | None = None) -> None:
        """Write the record to the journal; `status` is used if no response began."""
        if self._complete(status):
            await self._page.keep(self._taken)

    def end(self) -> None:
        """Write the record without waiting, because the connection breaks now."""
        if self._complete(None):
            self._page.add(self._taken)

    def _complete(self, status: int | None) -> bool:
        if self._has_ended:
            return False
        self._has_ended = True
        taken = self._taken
        taken.status = taken.status or status
        taken.duration_ms = (perf_counter() - taken.started) * 1000
        taken.noted_client = self._context.client_id
        taken.noted_error = self._context.error_code
        return True


def taken_from(scope: Scope, *, request_id: str, at: datetime, prefix: str = "") -> Taken:
    """A new record with the request's first line and headers."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    host = dict(scope["headers"]).get(b"host", b"localhost").decode("latin-1")
    return Taken(
        id=request_id,
        at=at,
        method=scope["method"],
        origin=f"{scope['scheme']}://{host}",
        prefix=prefix,
        path=scope["path"],
        raw_path=raw_path.partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        request_headers=list(scope["headers"]),
    )
