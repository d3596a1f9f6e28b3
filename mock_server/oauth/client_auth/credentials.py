"""The credentials that a client sends."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An id, and a secret or a signed assertion; a public client has neither."""

    client_id: str
    secret: str | None
    assertion: str | None = None
