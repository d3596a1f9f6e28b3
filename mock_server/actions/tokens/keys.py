"""The RS256 key that signs id tokens and JWT access tokens: created once, loaded once per process.

Cryptography is imported where it is used, because the import slows down the start and most servers sign nothing.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import SigningKey
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

if TYPE_CHECKING:
    from jose.backends.base import Key

ALGORITHM = "RS256"


def signing_key(sandbox: Sandbox) -> SigningKey:
    """The sandbox's key, created on first use and kept across resets."""
    with sandbox.reading() as transaction:
        found = transaction.signing_keys.find()
    return found or sandbox.write(lambda _, transaction: signing_key_within(transaction))


def signing_key_within(transaction: Transaction) -> SigningKey:
    """The same within a transaction that writes."""
    found = transaction.signing_keys.find()
    if found is None:
        transaction.states.hold()  # of several who need the first one, one makes it
        found = transaction.signing_keys.find()
    if found is None:
        pem = _make_pem()
        found = SigningKey(id=fingerprint(pem)[:16], pem=pem, created=transaction.now)
        transaction.signing_keys.add(found)
    return found


def _make_pem() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@lru_cache(maxsize=64)
def constructed(pem: str) -> "Key":
    """The key object, cached because reading the PEM takes 50 times as long as signing."""
    from jose import jwk

    return jwk.construct(pem, ALGORITHM)


def public_jwk(key: SigningKey) -> dict[str, Any]:
    """The public key for a JWKS (RFC 7517)."""
    public = constructed(key.pem).public_key().to_dict()
    return {**public, "kid": key.id, "use": "sig", "alg": ALGORITHM}
