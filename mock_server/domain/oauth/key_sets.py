"""Key sets of clients (RFC 7517): which can be registered, and which of their keys may have signed something."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any, Final

from mock_server.domain.errors import InvalidClientMetadata

# What may sign, with the type of its key and, of elliptic curves, which one (RFC 7518 §3.1). Never none, never HS256.
ALGORITHMS: Final[Mapping[str, tuple[str, str | None]]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
_KEY_KINDS: Final = frozenset(ALGORITHMS.values())
_PRIVATE: Final = ("d", "p", "q", "k")
_FEWEST_BYTES: Final = 2048 // 8
_MOST_KEYS: Final = 20


def check_key_set(key_set: Mapping[str, Any]) -> None:
    """Whether a client can be registered with these keys. Raises InvalidClientMetadata."""
    keys = key_set.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS:
        raise InvalidClientMetadata(
            f"jwks must be an object with keys, a list of 1 to {_MOST_KEYS} public keys."
        )
    for key in keys:
        if not isinstance(key, dict):
            raise InvalidClientMetadata("jwks: each of the keys must be an object (RFC 7517, section 4).")
        if any(name in key for name in _PRIVATE):
            raise InvalidClientMetadata(
                "jwks holds a private key, which is no secret any more. Make a new pair, and send its public half."
            )
    if not any(_is_of_use(key) for key in keys):
        raise InvalidClientMetadata(
            "jwks holds no key that we can use: an RSA key of 2048 bits or more, or an EC key on P-256, P-384 or P-521."
        )


def fitting_keys(key_set: Mapping[str, Any], *, algorithm: str, key_id: str | None) -> list[dict[str, Any]]:
    """The keys that may have signed: of the algorithm's type and curve, for signing, with that id if one is told."""
    found = key_set.get("keys")
    return [
        key
        for key in (found if isinstance(found, list) else [])
        if isinstance(key, dict)
        and _is_of_use(key)
        and _kind(key) == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key_id is None or key.get("kid") in (None, key_id))
    ]


def _kind(key: Mapping[str, Any]) -> tuple[str, str | None]:
    kind = str(key.get("kty"))
    return kind, str(key.get("crv")) if kind == "EC" else None


def _is_of_use(key: Mapping[str, Any]) -> bool:
    needed = {"RSA": ("n", "e"), "EC": ("x", "y")}.get(str(key.get("kty")))
    if needed is None or _kind(key) not in _KEY_KINDS:
        return False
    sizes = [_size(key.get(name)) for name in needed]
    return min(sizes) > 0 and (key.get("kty") == "EC" or sizes[0] >= _FEWEST_BYTES)


def _size(number: object) -> int:
    """How many bytes a base64url number has; 0 for what is none."""
    try:
        return len(urlsafe_b64decode(f"{number}==").lstrip(b"\0")) if isinstance(number, str) else 0
    except ValueError:
        return 0
