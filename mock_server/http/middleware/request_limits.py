"""Limits of a request: the size of its headers, and the size and duration of its body. Pure ASGI."""

import asyncio
from typing import Final

from starlette.types import Message, Receive, Scope

from mock_server.domain.errors import HeadersTooLarge, TimedOut, TooLarge

LONGEST_BODY: Final = 60.0
"""In seconds."""

LARGEST_HEADERS: Final = 65_536
"""In bytes."""

_LARGEST_UPLOAD: Final = 256 * 1024 * 1024


def check_headers(scope: Scope) -> None:
    """Check the size of the headers; a browser with all cookies of this server sends 1 kB. Raises HeadersTooLarge."""
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    if size > LARGEST_HEADERS:
        raise HeadersTooLarge(
            f"The headers are larger than {LARGEST_HEADERS:,} bytes. Send tokens and cookies of this server only."
        )


def in_time(receive: Receive, *, longest: float) -> Receive:
    """A `receive` that must deliver the whole body within `longest` seconds. Later messages are not limited.

    It raises TimedOut, and TooLarge for more than the largest state that can be imported. Handlers have smaller limits
    of their own.
    """
    until: float | None = None
    size = 0
    is_complete = False

    async def receive_in_time() -> Message:
        nonlocal until, size, is_complete
        if is_complete:
            return await receive()
        until = until or asyncio.get_running_loop().time() + longest
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as error:
            raise TimedOut(
                f"The body did not come within {longest:g} seconds. Send as many bytes as Content-Length says."
            ) from error
        size += len(message.get("body", b""))
        if size > _LARGEST_UPLOAD:
            raise TooLarge(f"The body is larger than {_LARGEST_UPLOAD:,} bytes.")
        is_complete = not message.get("more_body", False)
        return message

    return receive_in_time
