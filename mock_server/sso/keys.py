"""The provider's RS256 key: made once, kept in the store, constructed once per process."""

from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk
from jose.backends.base import Key

from mock_server.actions.connecting.single_sign_on import signing_key
from mock_server.core.records import SigningKey
from mock_server.sandbox import Sandbox

ALGORITHM = "RS256"


def provider_key(sandbox: Sandbox) -> SigningKey:
    """The sandbox's key, made at its first use."""
    return signing_key(sandbox, _make_pem)


def _make_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@lru_cache(maxsize=64)
def constructed(pem: str) -> Key:
    """The key object. Reading the PEM takes fifty times as long as signing, so it is done once."""
    return jwk.construct(pem, ALGORITHM)


def public_jwk(key: SigningKey) -> dict[str, Any]:
    """The public half for JWKS (RFC 7517)."""
    public = constructed(key.pem).public_key().to_dict()
    return {**public, "kid": key.id, "use": "sig", "alg": ALGORITHM}
