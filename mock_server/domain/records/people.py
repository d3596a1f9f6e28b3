"""People who log in with a browser, and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

SessionKind: TypeAlias = Literal["third party", "customer"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person who works for a third party. The normalised email address is the user name."""

    email: str
    first_name: str
    last_name: str
    password_hash: str
    client_id: str
    created: datetime


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """A browser's log-in session. `subject` is a person's email address or a customer's id, by `kind`.

    `id_token` is the ID token of a customer's log-in, needed to log out (OpenID Connect RP-Initiated Logout §2).
    """

    hash: str
    kind: SessionKind
    subject: str
    started: datetime
    expires: datetime
    id_token: str | None = None
