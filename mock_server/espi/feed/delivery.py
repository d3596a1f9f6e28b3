"""Delivers documents: 304, HEAD, gzip, chunks.

Knows HTTP and no Green Button. Pieces are made in a worker thread, one when the one before was sent, so that other
requests go on meanwhile and a client that leaves ends the work.
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
# Smaller pieces cost more to send than to make.
_SMALLEST_PIECE = 256 * 1024
_SMALLEST_COMPRESSED = 64 * 1024
_GZIP = 16 + isal_zlib.MAX_WBITS
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"  # deflated, without a date, from anywhere


class PiecesResponse(StreamingResponse):
    """A body in pieces. However it ends, the generator of its pieces is closed at once."""

    def __init__(self, pieces: Generator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(pieces, headers=headers, media_type=MEDIA_TYPE)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        """Send headers and pieces. Cancelled when the client leaves."""
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
    """A document that is written while it is sent. `version` changes with it, `changed` is when it last did."""
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
    """A document that is small enough to be sent at once."""
    headers = _headers(hashlib.sha256(body).hexdigest()[:32], None)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    if len(body) >= _WORTH_IT and accepts_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        body = isal_zlib.compress(body, 1, _GZIP)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


_WORTH_IT = 1000  # bytes; what is smaller fits into one packet anyway


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
    """The bytes, the first part at once, then in pieces that are worth sending."""
    made, size = list[bytes](), 0
    with closing(parts):
        yield from islice(map(_bytes_of, parts), 1)
        for part in parts:
            made.append(_bytes_of(part))
            size += len(made[-1])
            if size >= _SMALLEST_PIECE:
                yield b"".join(made)
                made, size = [], 0
        yield b"".join(made)


def _bytes_of(part: bytes | CompressedPart) -> bytes:
    return part.plain() if isinstance(part, CompressedPart) else part


def gzipped(parts: Generator[bytes | CompressedPart]) -> Generator[bytes]:
    """The same as one gzip member (RFC 1952; some clients read only the first)."""
    made, held, crc, size = list[bytes](), 0, 0, 0
    with closing(parts):
        yield _GZIP_HEAD
        for part in parts:
            part = part if isinstance(part, CompressedPart) else pack(part)
            made.append(part.deflated)
            held += len(part.deflated)
            crc = isal_zlib.crc32_combine(crc, part.crc, part.size)
            size += part.size
            if held >= _SMALLEST_COMPRESSED:
                yield b"".join(made)
                made, held = [], 0
        yield b"".join([*made, END, struct.pack("<LL", crc, size % 2**32)])


def _headers(version: str, changed: datetime | None) -> dict[str, str]:
    """The tag is weak, since it stands for the plain and the compressed form alike (RFC 9110 §8.8.1)."""
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
    """Whether the client has this very version (RFC 9110 §13.1).

    A date must be the same, not merely later: the sandbox's clock can be set back.
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
