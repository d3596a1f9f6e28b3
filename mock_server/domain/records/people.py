"""People at browsers: the third parties' own, and the sessions of whoever is logged in at our pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

SessionKind: TypeAlias = Literal["third party", "customer"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of a third party. The e-mail address, in normal form, is the user name."""

    email: str
    first_name: str
    last_name: str
    password_hash: str
    client_id: str
    created: datetime


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """A browser that is logged in. `subject` is a person's e-mail address or a customer's id, as the kind says.

    `id_token` is what a customer's log-in was told by, to end it with (OpenID Connect RP-Initiated Logout §2).
    """

    hash: str
    kind: SessionKind
    subject: str
    started: datetime
    expires: datetime
    id_token: str | None = None
