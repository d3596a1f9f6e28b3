"""Caches compressed parts of feeds in bounded memory. Handles only bytes and keys."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from isal import isal_zlib

_RAW = -isal_zlib.MAX_WBITS
END: Final = b"\x03\x00"  # an empty final block, which ends a sequence of parts


@dataclass(frozen=True, kw_only=True)
class CompressedPart:
    """Bytes that were deflated separately, up to a byte boundary: concatenated parts form one stream (RFC 1951 §2).

    `fresh` holds the uncompressed bytes until the part is cached.
    """

    deflated: bytes
    crc: int
    size: int
    fresh: bytes | None = None

    def plain(self) -> bytes:
        """The uncompressed bytes."""
        return (
            isal_zlib.decompress(self.deflated + END, _RAW, self.size) if self.fresh is None else self.fresh
        )


def pack(plain: bytes) -> CompressedPart:
    """Compresses bytes at the fastest level: ten times as fast as zlib's, and no larger."""
    compressor = isal_zlib.compressobj(level=1, wbits=_RAW)
    deflated = compressor.compress(plain) + compressor.flush(isal_zlib.Z_FULL_FLUSH)
    return CompressedPart(deflated=deflated, crc=isal_zlib.crc32(plain), size=len(plain), fresh=plain)


class FeedCache:
    """Parts by key, up to `most_bytes` of compressed data. Evicts the least recently used part first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._parts: OrderedDict[Hashable, CompressedPart] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> CompressedPart | None:
        """The part cached under a key, or None."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def keep(self, key: Hashable, part: CompressedPart) -> None:
        """Cache a part, and evict others if necessary. The key must identify everything that determines the bytes."""
        with self._lock:
            if key in self._parts:
                return
            self._parts[key] = replace(part, fresh=None)
            self._bytes += len(part.deflated)
            while self._bytes > self._most_bytes:
                _, evicted = self._parts.popitem(last=False)
                self._bytes -= len(evicted.deflated)


# Safe to share in the process, because its values depend only on their keys. Holds seven feeds of the largest kind.
FEED_CACHE: Final = FeedCache(16_000_000)


def version_of(*parts: object) -> str:
    """A version of data that depends only on these values: a hash of them."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "replace")).hexdigest()[:32]
