"""What a client shows of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An id and a secret; `secret` None is a public client's."""

    client_id: str
    secret: str | None
