"""HTTP Basic (RFC 7617): what an Authorization header says, whoever asks."""

from base64 import b64decode


def user_and_password(authorization: str) -> tuple[str, str] | None:
    """What the header holds, as it was sent; None if it is another scheme, or no base64 of UTF-8 with a colon."""
    scheme, _, encoded = authorization.strip().partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # also of what is not ASCII
        return None
    return (user, password) if colon else None
