"""Key pairs of clients, generated once, because that takes longer than most tests."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_half(pem: str, algorithm: str, **named: str) -> dict[str, Any]:
    """The JWK of a private key's public half."""
    result: dict[str, Any] = jwk.construct(pem, algorithm).public_key().to_dict()
    return {**{name: value for name, value in result.items() if name != "alg"}, **named}


PRIVATE = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
PUBLIC = public_half(PRIVATE, "RS256", kid="rsa", use="sig")
CURVE_PRIVATE = _pem(ec.generate_private_key(ec.SECP256R1()))
CURVE_PUBLIC = public_half(CURVE_PRIVATE, "ES256", kid="curve", use="sig")
STRANGE_PRIVATE = _pem(ec.generate_private_key(ec.SECP256R1()))
