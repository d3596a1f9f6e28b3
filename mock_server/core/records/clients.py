"""Who the third parties are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["sandbox", "live"]


@dataclass(frozen=True, kw_only=True)
class ScopeOfUse:
    """What a third party says it does with the data; customers read it before they consent."""

    id: str
    title: str
    text: str
    terms_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a third party may tell about itself beside the necessary; None where it said nothing.

    The numbers are those of ESPI 4.0 ThirdPartyApplicationType and ThirdPartyApplicationUse.
    """

    description: str | None = None
    phone: str | None = None
    application_type: int | None = None
    application_use: int | None = None
    scope_selection_uri: str | None = None
    portal_uri: str | None = None
    logo_uri: str | None = None
    policy_uri: str | None = None
    software_id: str | None = None
    software_version: str | None = None
    further_contacts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Client:
    """A third party's registration (RFC 7591 §2). `is_public`: it holds no secret and must use PKCE.

    `approved` is when the utility approved it: from then on it may go live.
    `removed` is when the client deleted its registration, which ended its tokens.

    `base` is where it last fetched a token: what is sent to it links there, as the token's answer did.
    `owes`: collecting history is refused until it pays (402), which tests arm.
    """

    id: str
    secret: str
    company_name: str
    website: str
    contact_email: str
    mode: Mode
    is_public: bool
    redirect_uris: tuple[str, ...]
    allows_loopback: bool
    scope: str
    scopes_of_use: tuple[ScopeOfUse, ...]
    api_token: str
    registration_access_token: str
    webhook_secret: str
    notify_uri: str | None
    created: datetime
    particulars: Particulars = Particulars()
    approved: datetime | None = None
    removed: datetime | None = None
    base: str | None = None
    owes: bool = False
