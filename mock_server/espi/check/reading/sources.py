"""Opens the source of a document (a file, URL or standard input) and yields its bytes, decompressed."""

import sys
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import httpx

LARGEST: Final = 1024 * 1024 * 1024
"""The maximum size of a document in bytes, decompressed."""
_PIECE: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_TIMEOUT: Final = 60.0


class SourceMistake(Exception):
    """The document cannot be read. The message is a sentence."""


def open_source(name: str, *, authorization: str | None = None) -> Iterator[bytes]:
    """The decompressed bytes of a file, a URL, or standard input (`-`).

    Iteration raises SourceMistake.
    """
    if name.startswith(("http://", "https://")):
        return unpack(_from_url(name, authorization))
    return unpack(_from_stream(sys.stdin.buffer) if name == "-" else _from_file(Path(name)))


def authorization_header(token: str | None, header: str | None) -> str | None:
    """The value of the Authorization header for a token or a complete header. Raises SourceMistake."""
    if header is None:
        return f"Bearer {token}" if token else None
    name, colon, value = header.partition(":")
    if name.strip().casefold() != "authorization" or not colon or token:
        raise SourceMistake("Use either --token TOKEN or --header 'Authorization: Bearer TOKEN'.")
    return value.strip()


def unpack(pieces: Iterable[bytes], *, largest: int = LARGEST) -> Iterator[bytes]:
    """The pieces, decompressed if they are gzip. Raises SourceMistake after more than `largest` bytes."""
    size = 0
    source = iter(pieces)
    first = next(source, b"")
    pieces = chain([first], source)
    for piece in _inflate(pieces) if first.startswith(_GZIP) else pieces:
        size += len(piece)
        if size > largest:
            raise SourceMistake(
                f"The document is larger than {largest // 2**20} MB, the maximum."
                " Request a shorter period (published-min, published-max), or split the file."
            )
        yield piece


def _inflate(packed: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=31)
    try:
        for piece in packed:
            rest = piece
            while rest:
                if inflater.eof:  # gzip files may be concatenated
                    inflater = zlib.decompressobj(wbits=31)
                yield inflater.decompress(rest, _PIECE)
                rest = inflater.unconsumed_tail or inflater.unused_data
        yield inflater.flush()
    except zlib.error as error:
        raise SourceMistake(f"The file begins like gzip but cannot be decompressed: {error}.") from error
    if not inflater.eof:
        raise SourceMistake("The gzip file is truncated. Copy or download it again.")


def _from_file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            yield from _from_stream(stream)
    except OSError as error:
        raise SourceMistake(f"Cannot read {path}: {error.strerror}.") from error


def _from_stream(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _from_url(url: str, authorization: str | None) -> Iterator[bytes]:
    headers = {"Accept": "application/atom+xml, application/xml;q=0.9, */*;q=0.1"}
    if authorization:
        headers["Authorization"] = authorization
    try:
        # httpx drops the Authorization header when a redirect leads to another host.
        with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
            _check_status(response)
            yield from response.iter_bytes(_PIECE)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise SourceMistake(f"Cannot read {url}: {error}") from error


def _check_status(response: httpx.Response) -> None:
    if response.status_code == 202:
        seconds = response.headers.get("retry-after")
        raise SourceMistake(
            "The server answered 202: it is still preparing the data."
            f" Try again {f'in {seconds} seconds' if seconds else 'later, or after the notification'}."
        )
    if response.status_code == 200:
        return
    start = next(response.iter_bytes(2000), b"").decode("utf-8", "replace")
    hint = " Pass the token: --token TOKEN." if response.status_code in (401, 403) else ""
    raise SourceMistake(
        f"The server answered {response.status_code} {response.reason_phrase}.{hint}\n{start}".rstrip()
    )
