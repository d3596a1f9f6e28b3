"""A small load generator: some kept connections that ask as fast as they are answered, and count.

It parses no more of an answer than it must, so that it is not what is measured; `make bench` tells what it can do.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import uvloop

_LARGEST_HEAD = 1 << 16


@dataclass
class Answer:
    """What is needed of one."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> bytes:
        """A header's value; empty where it is missing."""
        for line in self.head.split(b"\r\n"):
            found, _, value = line.partition(b":")
            if found.lower() == name:
                return value.strip()
        return b""


class Line:
    """One connection, opened anew where the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, *, headers: str = "", body: str = "", status: int = 200
    ) -> Answer:
        """One request; `headers` are lines that end in CR LF. The answer must have that status."""
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        host = f"Host: 127.0.0.1:{self._port}\r\n"
        sent = f"{method} {path} HTTP/1.1\r\n{host}{kind}{length}{headers}\r\n{body}"
        answer = await self._exchange(sent.encode())
        assert answer.status == status, (answer.status, answer.body[:300])
        return answer

    async def _exchange(self, sent: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_LARGEST_HEAD)
        reader, writer = self._streams
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), head, b"")
        if answer.header(b"transfer-encoding").lower() == b"chunked":
            answer.body = await _chunks(reader)
        else:
            answer.body = await reader.readexactly(int(answer.header(b"content-length") or 0))
        if answer.header(b"connection").lower() == b"close":
            await self.close()
        return answer

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int((await reader.readline()).partition(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)


Story = Callable[[Line], Awaitable[object]]


@dataclass
class Tally:
    """How many stories ended, in how many seconds, and how long each took."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Stories in a second."""
        return len(self.waits) / self.seconds


def drive(port: int, story: Story, *, seconds: float, connections: int = 8) -> Tally:
    """Tell the story over and over, on so many connections at once."""
    return uvloop.run(_drive(port, story, seconds, connections))


async def _drive(port: int, story: Story, seconds: float, connections: int) -> Tally:
    tally, start = Tally(), time.perf_counter()
    ends = start + seconds

    async def one() -> None:
        line = Line(port)
        while (begun := time.perf_counter()) < ends:
            await story(line)
            tally.waits.append(time.perf_counter() - begun)
        await line.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    tally.seconds = time.perf_counter() - start
    return tally
