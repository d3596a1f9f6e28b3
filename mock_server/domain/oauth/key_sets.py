"""Key sets of clients (RFC 7517): checks them at registration and selects keys for a signature."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any, Final

from mock_server.domain.errors import InvalidClientMetadata

# Accepted signature algorithms, with key type and curve (RFC 7518 §3.1). Never `none`, never symmetric ones.
ALGORITHMS: Final[Mapping[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
_KEY_TYPES: Final = frozenset(ALGORITHMS.values())
_PRIVATE_MEMBERS: Final = ("d", "p", "q", "k")
_CURVES: Final = tuple(curve for _, curve in ALGORITHMS.values() if curve is not None)
_MIN_RSA_BITS: Final = 2048
_MAX_KEYS: Final = 20


def check_key_set(key_set: Mapping[str, Any]) -> None:
    """Checks a client's public keys at registration (RFC 7591 §2, `jwks`). Raises InvalidClientMetadata."""
    keys = key_set.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= _MAX_KEYS:
        raise InvalidClientMetadata(
            f"jwks must be an object whose member keys is a list of 1 to {_MAX_KEYS} public keys."
        )
    for key in keys:
        if not isinstance(key, dict):
            raise InvalidClientMetadata("jwks: each key must be an object (RFC 7517, section 4).")
        if any(name in key for name in _PRIVATE_MEMBERS):
            raise InvalidClientMetadata(
                "jwks contains a private key, which is now exposed. Generate a new pair and send only its public key."
            )
    if not any(_is_usable(key) for key in keys):
        raise InvalidClientMetadata(
            f"jwks contains no usable key. Send an RSA key of at least {_MIN_RSA_BITS} bits, or an EC key on "
            f"{', '.join(_CURVES)}."
        )


def fitting_keys(key_set: Mapping[str, Any], *, algorithm: str, key_id: str | None) -> list[dict[str, Any]]:
    """Returns the keys that a signature may have been made with (RFC 7517 §4).

    They have the algorithm's type and curve, may be used to sign, and have that `kid` or none if `key_id` is given.
    """
    keys = key_set.get("keys")
    return [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict)
        and _is_usable(key)
        and _key_type(key) == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key_id is None or key.get("kid") in (None, key_id))
    ]


def _key_type(key: Mapping[str, Any]) -> tuple[str, str | None]:
    type_ = str(key.get("kty"))
    return type_, str(key.get("crv")) if type_ == "EC" else None


def _is_usable(key: Mapping[str, Any]) -> bool:
    members = {"RSA": ("n", "e"), "EC": ("x", "y")}.get(str(key.get("kty")))
    if members is None or _key_type(key) not in _KEY_TYPES:
        return False
    sizes = [_size(key.get(name)) for name in members]
    return min(sizes) > 0 and (key.get("kty") == "EC" or sizes[0] >= _MIN_RSA_BITS // 8)


def _size(number: object) -> int:
    """Returns the size of a base64url-encoded number in bytes; 0 if it is not one."""
    try:
        return len(urlsafe_b64decode(f"{number}==").lstrip(b"\0")) if isinstance(number, str) else 0
    except ValueError:
        return 0
