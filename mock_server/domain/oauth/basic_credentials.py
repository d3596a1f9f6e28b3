"""Parses HTTP Basic credentials (RFC 7617)."""

from base64 import b64decode


def user_and_password(authorization: str) -> tuple[str, str] | None:
    """Returns user and password of an Authorization header (RFC 7617 §2), not percent-decoded.

    Returns None for another scheme, or if the credentials are not base64 of UTF-8 with a colon.
    """
    scheme, _, encoded = authorization.strip().partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # includes UnicodeDecodeError and binascii.Error
        return None
    return (user, password) if colon else None
