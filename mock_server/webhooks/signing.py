"""Signs webhooks: a salted SHA-256 over the raw body (utilityapi.md §7)."""

import hashlib
from collections.abc import Mapping

SALT_HEADER = "X-UtilityAPI-Webhook-Salt"
SIGNATURE_HEADER = "X-UtilityAPI-Webhook-Signature"


def signature(secret: str, salt: str, body: bytes) -> str:
    """SHA-256 of secret, salt and body joined by dots, in hexadecimal. It is not an HMAC."""
    return hashlib.sha256(f"{secret}.{salt}.".encode() + body).hexdigest()


def signed(secret: str, salt: str, body: bytes) -> Mapping[str, str]:
    """The headers for a body."""
    return {SALT_HEADER: salt, SIGNATURE_HEADER: signature(secret, salt, body)}
