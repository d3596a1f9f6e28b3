"""Passwords of people: kept as scrypt, so that whoever reads the database does not learn them (RFC 7914)."""

import hashlib

from mock_server.domain.randomness import equal_secrets

_COST, _BLOCK_SIZE, _PARALLEL = 2**14, 8, 1  # a twentieth of a second and 16 MB


def hash_password(password: str, *, salt: str) -> str:
    """What is kept of a password: the salt and 64 bytes that take long to compute, both as text."""
    kept = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt.encode(),
        n=_COST,
        r=_BLOCK_SIZE,
        p=_PARALLEL,
    )
    return f"{salt}${kept.hex()}"


def password_fits(password: str, kept: str) -> bool:
    """Whether that is the password; takes as long as keeping it did."""
    salt, _, _ = kept.partition("$")
    return equal_secrets(hash_password(password, salt=salt), kept)
