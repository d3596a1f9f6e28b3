"""Delivers documents over HTTP: 304, HEAD, gzip, chunks. Independent of Green Button.

A worker thread creates each piece after the previous one was sent. Other requests can run in between, and the work
stops when the client disconnects.
"""

import hashlib
import struct
from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import islice

from isal import isal_zlib
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from mock_server.espi.feed.feed_cache import END, CompressedPart, pack
from mock_server.http.responses.header_fields import attachment

MEDIA_TYPE = "application/atom+xml"
# Smaller pieces cost more to send than to create.
_SMALLEST_PIECE = 256 * 1024
_SMALLEST_COMPRESSED = 64 * 1024
_GZIP = 16 + isal_zlib.MAX_WBITS
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"  # deflate, no timestamp, unknown system


class PiecesResponse(StreamingResponse):
    """A body in pieces. It closes the generator at once, whether the body was sent completely or not."""

    def __init__(self, pieces: Generator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(pieces, headers=headers, media_type=MEDIA_TYPE)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        """Send headers and pieces. Cancelled when the client disconnects."""
        try:
            await super().stream_response(send)
        finally:
            self._pieces.close()


def deliver_pieces(
    request: Request,
    parts: Generator[bytes | CompressedPart],
    *,
    version: str,
    changed: datetime | None,
    filename: str | None = None,
) -> Response:
    """A document that is written while it is sent. `version` changes with its content, last at `changed`."""
    headers = _headers(version, changed)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    if filename is not None:
        headers |= attachment(filename)
    takes_gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
    if takes_gzip:
        headers["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        return _head(headers)
    return PiecesResponse(gzipped(parts) if takes_gzip else plain(parts), headers)


def deliver(request: Request, body: bytes) -> Response:
    """A document small enough to send at once."""
    headers = _headers(hashlib.sha256(body).hexdigest()[:32], None)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    if len(body) >= _SMALLEST_TO_COMPRESS and accepts_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = isal_zlib.compress(body, 1, _GZIP)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


_SMALLEST_TO_COMPRESS = 1000  # bytes; a smaller body fits into one packet anyway


def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding prefers gzip to plain bytes (RFC 9110 §12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.casefold().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameters)
    wanted = weights.get("gzip", weights.get("*", 0.0))
    return wanted > 0.0 and wanted >= weights.get("identity", 0.0)


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def plain(parts: Generator[bytes | CompressedPart]) -> Generator[bytes]:
    """The bytes of the parts: the first part at once, then larger pieces."""
    pieces, size = list[bytes](), 0
    with closing(parts):
        yield from islice(map(_bytes_of, parts), 1)
        for part in parts:
            pieces.append(_bytes_of(part))
            size += len(pieces[-1])
            if size >= _SMALLEST_PIECE:
                yield b"".join(pieces)
                pieces, size = [], 0
        yield b"".join(pieces)


def _bytes_of(part: bytes | CompressedPart) -> bytes:
    return part.plain() if isinstance(part, CompressedPart) else part


def gzipped(parts: Generator[bytes | CompressedPart]) -> Generator[bytes]:
    """The parts as one gzip member (RFC 1952). Some clients read only the first member."""
    pieces, pending, crc, size = list[bytes](), 0, 0, 0
    with closing(parts):
        yield _GZIP_HEAD
        for part in parts:
            part = part if isinstance(part, CompressedPart) else pack(part)
            pieces.append(part.deflated)
            pending += len(part.deflated)
            crc = isal_zlib.crc32_combine(crc, part.crc, part.size)
            size += part.size
            if pending >= _SMALLEST_COMPRESSED:
                yield b"".join(pieces)
                pieces, pending = [], 0
        yield b"".join([*pieces, END, struct.pack("<LL", crc, size % 2**32)])


def _headers(version: str, changed: datetime | None) -> dict[str, str]:
    """The ETag is weak because the plain and the compressed body share it (RFC 9110 §8.8.1)."""
    dated = (
        {} if changed is None else {"Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}
    )
    return {
        "ETag": f'W/"{version}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
        **dated,
    }


def _is_known(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the client already has this version (RFC 9110 §13.1).

    The date must be equal, not just later: the sandbox's clock can be set back.
    """
    tags = request.headers.getlist("if-none-match")
    if tags:
        known = [tag.strip().removeprefix("W/") for tag in ",".join(tags).split(",")]
        return "*" in known or headers["ETag"].removeprefix("W/") in known
    since = request.headers.get("if-modified-since")
    return since is not None and since == headers.get("Last-Modified")


def _head(headers: Mapping[str, str]) -> Response:
    """The headers of a body whose length is not known in advance."""
    response = Response(headers=headers, media_type=MEDIA_TYPE)
    del response.headers["content-length"]
    return response
