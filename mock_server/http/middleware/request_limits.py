"""How much of a request is waited for: headers up to a size, a body up to a size and a time. Pure ASGI."""

import asyncio
from typing import Final

from starlette.types import Message, Receive, Scope

from mock_server.domain.errors import HeadersTooLarge, TimedOut, TooLarge

LONGEST_BODY: Final = 60.0
LARGEST_HEADERS: Final = 65_536
_LARGEST_UPLOAD: Final = 256 * 1024 * 1024


def check_headers(scope: Scope) -> None:
    """Raises HeadersTooLarge. A browser with every cookie of ours sends a kilobyte."""
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    if size > LARGEST_HEADERS:
        raise HeadersTooLarge(
            f"The headers are larger than {LARGEST_HEADERS:,} bytes. Send tokens and cookies of this server only."
        )


def in_time(receive: Receive, *, longest: float) -> Receive:
    """The same source, whose body must have come after `longest` seconds; what comes after a body may take its time.

    Its reader meets TimedOut, and TooLarge for what is more than even a whole state. Readers of their own have smaller
    limits.
    """
    until: float | None = None
    size = 0
    is_whole = False

    async def received() -> Message:
        nonlocal until, size, is_whole
        if is_whole:
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
        is_whole = not message.get("more_body", False)
        return message

    return received
