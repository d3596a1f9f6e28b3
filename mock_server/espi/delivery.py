"""How a document travels: 304 for who has it, nothing but headers for HEAD, gzip for who takes it, in pieces.

Knows HTTP and no Green Button. Pieces are made in a worker thread, one when the one before was sent, so that other
requests go on meanwhile and a client that leaves ends the work.
"""

import hashlib
from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime

from isal import isal_zlib
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

MEDIA_TYPE = "application/atom+xml"
_SMALLEST_PIECE = 64 * 1024  # of compressed bytes: smaller ones cost more to send than to make
_GZIP = 16 + isal_zlib.MAX_WBITS


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


def version_of(*parts: object) -> str:
    """A name for what follows from some records and nothing else."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "replace")).hexdigest()[:32]


def deliver_pieces(
    request: Request,
    pieces: Generator[bytes],
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
        headers["Content-Disposition"] = f"attachment; filename={filename}"
    takes_gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
    if takes_gzip:
        headers["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        return _head(headers)
    return PiecesResponse(gzipped(pieces) if takes_gzip else pieces, headers)


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
    """Whether an Accept-Encoding asks for gzip rather than for the plain bytes (RFC 9110 §12.5.3)."""
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


def gzipped(pieces: Generator[bytes]) -> Generator[bytes]:
    """The same as one gzip member (some clients read only the first), in pieces that are worth sending."""
    squeeze = isal_zlib.compressobj(level=1, wbits=_GZIP)
    made: list[bytes] = []
    with closing(pieces):
        for piece in pieces:
            made.append(squeeze.compress(piece))
            if sum(map(len, made)) >= _SMALLEST_PIECE:
                yield b"".join(made)
                made.clear()
        yield b"".join([*made, squeeze.flush()])


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
    """The headers of a body whose length nobody knows before it is written."""
    response = Response(headers=headers, media_type=MEDIA_TYPE)
    del response.headers["content-length"]
    return response
