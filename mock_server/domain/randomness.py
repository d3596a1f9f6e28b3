"""Two kinds of chance: streams that depend on the seed and a name alone, and secrets nobody can foretell.

Data is drawn from streams, so that it is the same in any process and any order. Codes, tokens and cookies
are secrets: a mock whose tokens can be computed would teach clients nothing about guarding them.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Option = TypeVar("Option")


@dataclass(frozen=True)
class Stream:
    """Bytes that follow from a seed and a name; a longer draw begins with the shorter one."""

    key: bytes

    def bytes(self, count: int) -> bytes:
        """The first `count` bytes of the stream."""
        return hashlib.shake_128(self.key).digest(count)

    def integer(self, below: int) -> int:
        """A number from 0 to below - 1, practically uniform."""
        return int.from_bytes(self.bytes(16)) % below

    def choice(self, options: Sequence[Option]) -> Option:
        """One of the options."""
        return options[self.integer(len(options))]


@dataclass(frozen=True)
class Randomness:
    """Where every draw of a sandbox comes from."""

    seed: str

    def stream(self, *name: object) -> Stream:
        """The stream of that name: the same seed and name always give the same bytes."""
        return Stream(":".join([self.seed, *map(str, name)]).encode())

    def secret(self) -> str:
        """64 hex digits (256 bits) that cannot be foretold: tokens, codes, cookies."""
        return secrets.token_hex(32)

    def digits(self, count: int) -> str:
        """A secret of decimal digits, for one-time codes."""
        return str(secrets.randbelow(10**count)).zfill(count)


def fingerprint(secret: str) -> str:
    """What is stored of a secret. A plain hash is enough: the secrets are 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def equal_secrets(one: str, other: str) -> bool:
    """Compare without telling by the time taken how much was right."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
