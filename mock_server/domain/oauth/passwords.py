"""Hashes passwords with scrypt (RFC 7914), so that reading the database does not reveal them."""

import hashlib

from mock_server.domain.randomness import equal_secrets

_COST, _BLOCK_SIZE, _PARALLEL = 2**14, 8, 1  # takes 50 ms and 16 MB


def hash_password(password: str, *, salt: str) -> str:
    """Returns `salt$digest` for storage; the digest is 64 bytes of scrypt (RFC 7914) in hex. Slow on purpose."""
    digest = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt.encode(),
        n=_COST,
        r=_BLOCK_SIZE,
        p=_PARALLEL,
    )
    return f"{salt}${digest.hex()}"


def password_fits(password: str, stored: str) -> bool:
    """Returns whether the password has that stored hash. Takes as long as `hash_password`."""
    salt, _, _ = stored.partition("$")
    return equal_secrets(hash_password(password, salt=salt), stored)
