"""Caches compressed parts of feeds in bounded memory. Knows bytes and keys only."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from isal import isal_zlib

_RAW = -isal_zlib.MAX_WBITS
END: Final = b"\x03\x00"  # an empty last block, which ends a row of segments


@dataclass(frozen=True, kw_only=True)
class CompressedPart:
    """Bytes, deflated on their own and ending at a byte: any row of segments is one stream (RFC 1951 §2).

    `fresh` are the bytes themselves while they are at hand.
    """

    deflated: bytes
    crc: int
    size: int
    fresh: bytes | None = None

    def plain(self) -> bytes:
        """The bytes."""
        return (
            isal_zlib.decompress(self.deflated + END, _RAW, self.size) if self.fresh is None else self.fresh
        )


def pack(plain: bytes) -> CompressedPart:
    """The bytes as a segment, by the fastest level: ten times as fast as zlib's, and no larger."""
    squeeze = isal_zlib.compressobj(level=1, wbits=_RAW)
    deflated = squeeze.compress(plain) + squeeze.flush(isal_zlib.Z_FULL_FLUSH)
    return CompressedPart(deflated=deflated, crc=isal_zlib.crc32(plain), size=len(plain), fresh=plain)


class FeedCache:
    """Segments by key, of so many compressed bytes in all; the one that was longest not used goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._parts: OrderedDict[Hashable, CompressedPart] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> CompressedPart | None:
        """The cached part under a key, if it is still there."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def keep(self, key: Hashable, part: CompressedPart) -> None:
        """Keep a segment, at the cost of others. The key says all that its bytes follow from."""
        with self._lock:
            if key in self._parts:
                return
            self._parts[key] = replace(part, fresh=None)
            self._bytes += len(part.deflated)
            while self._bytes > self._most_bytes:
                _, gone = self._parts.popitem(last=False)
                self._bytes -= len(gone.deflated)


# Like any memory of what pure functions said, one for the whole process. Seven feeds of the largest kind.
FEED_CACHE: Final = FeedCache(16_000_000)


def version_of(*parts: object) -> str:
    """A name for what follows from some records and nothing else."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "replace")).hexdigest()[:32]
