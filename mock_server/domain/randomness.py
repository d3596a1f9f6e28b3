"""Randomness of two kinds: streams that depend only on a seed and a name, and unpredictable secrets.

Data is drawn from streams, so it is the same in every process and in any order. Codes, tokens and cookies are
secrets: clients must learn to protect them, so nobody may be able to compute them.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Option = TypeVar("Option")


@dataclass(frozen=True)
class Stream:
    """Bytes derived from a seed and a name; a longer draw begins with the shorter one."""

    key: bytes

    def bytes(self, count: int) -> bytes:
        """Returns the first `count` bytes of the stream."""
        return hashlib.shake_128(self.key).digest(count)

    def integer(self, below: int) -> int:
        """Returns a practically uniform number from 0 to `below` - 1."""
        return int.from_bytes(self.bytes(16)) % below

    def choice(self, options: Sequence[Option]) -> Option:
        """Returns one of the options; there must be at least one."""
        return options[self.integer(len(options))]


@dataclass(frozen=True)
class Randomness:
    """The source of all random values of one sandbox."""

    seed: str

    def stream(self, *name: object) -> Stream:
        """Returns the stream of that name. The same seed and name always give the same bytes."""
        return Stream(":".join([self.seed, *map(str, name)]).encode())

    def secret(self) -> str:
        """Returns 64 unpredictable hex digits (256 bits), for tokens, codes and cookies."""
        return secrets.token_hex(32)

    def digits(self, count: int) -> str:
        """Returns `count` unpredictable decimal digits, for one-time codes."""
        return str(secrets.randbelow(10**count)).zfill(count)


def fingerprint(secret: str) -> str:
    """Returns the hash to store in place of a secret. SHA-256 without a salt suffices for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def equal_secrets(first: str, second: str) -> bool:
    """Compares two secrets in constant time."""
    return secrets.compare_digest(first.encode("utf-8", "replace"), second.encode("utf-8", "replace"))
