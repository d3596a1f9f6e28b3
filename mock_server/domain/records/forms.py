"""Requests for data without OAuth: templates, forms created from them, and the referrals that forms end with."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template for a client's forms. `portal` is the part of the forms' URLs that names it."""

    uid: str
    client_id: str
    portal: str
    created: datetime
    updated: datetime
    is_disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form for a customer. With `authorization_uid` it renews that authorization instead of creating one.

    `expires` and `ongoing_end` are the requested end dates, as the client wrote them.
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
    """The outcome of a form: a code by which the client looks up the authorization. The code is not a secret."""

    code: str
    client_id: str
    authorization_uid: str
    created: datetime
