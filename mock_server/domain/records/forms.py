"""How third parties ask without OAuth: templates, the forms made from them, and the referrals that forms give."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Template:
    """How a client's forms look and where they lead; `portal` is its part of the forms' address."""

    uid: str
    client_id: str
    portal: str
    created: datetime
    updated: datetime
    is_disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """A link for a customer. With `authorization_uid` it renews that authorization instead of making another.

    `expires` and `ongoing_end` are what the customer is asked to agree to, as the client wrote them.
    """

    uid: str
    client_id: str
    template_uid: str
    token: str
    created: datetime
    updated: datetime
    is_archived: bool = False
    is_disabled: bool = False
    authorization_uid: str | None = None
    customer_email: str | None = None
    utility: str | None = None
    expires: str | None = None
    ongoing_end: str | None = None


@dataclass(frozen=True, kw_only=True)
class Referral:
    """What a form answers with: a word by which the client finds the authorization. It is no secret."""

    code: str
    client_id: str
    authorization_uid: str
    created: datetime
