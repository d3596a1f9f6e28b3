"""A buffered response, which can be changed before it is sent."""

import json
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Status, headers as they are sent, and the body."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: bytes) -> bytes:
        """The first header with that name (in lower case); empty if there is none."""
        return next((value for known, value in self.headers if known.lower() == name), b"")

    def json_object(self) -> dict[str, Any] | None:  # any JSON
        """The body if it is a JSON object; None for any other body, and for the empty one of HEAD."""
        if not self.body or b"json" not in self.header(b"content-type"):
            return None
        found = json.loads(self.body)
        return found if isinstance(found, dict) else None

    def with_header(self, name: str, value: str) -> "Answer":
        """A copy with this header in place of all others of its name."""
        key = name.lower().encode("ascii")
        others = tuple(pair for pair in self.headers if pair[0].lower() != key)
        return replace(self, headers=(*others, (key, value.strip().encode("latin-1"))))

    def with_body(self, body: bytes) -> "Answer":
        """A copy with another body, and its Content-Length."""
        return replace(self, body=body).with_header("content-length", str(len(body)))


async def collect(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Call the application, and buffer its response."""
    started: Message = {"status": 500, "headers": []}
    body = bytearray()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple((bytes(name), bytes(value)) for name, value in started["headers"])
    return Answer(status=started["status"], headers=headers, body=bytes(body))


def answer_from(response: Response) -> Answer:
    """A framework's response, buffered."""
    return Answer(status=response.status_code, headers=tuple(response.raw_headers), body=bytes(response.body))
