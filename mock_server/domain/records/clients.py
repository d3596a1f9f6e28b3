"""Clients: the registrations of third parties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

Mode: TypeAlias = Literal["sandbox", "live"]
AuthMethod: TypeAlias = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
KeySet: TypeAlias = Mapping[str, Any]  # a JWKS document (RFC 7517 §5)


@dataclass(frozen=True, kw_only=True)
class ScopeOfUse:
    """A third party's statement of how it uses the data, shown to customers before they consent."""

    id: str
    title: str
    text: str
    terms_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """The optional part of a registration; None for each value that was not given.

    The numbers are codes of ESPI 4.0 ThirdPartyApplicationType and ThirdPartyApplicationUse.
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
class UsedAssertion:
    """A signed assertion that a client authenticated with, stored to reject its reuse (RFC 7523 §3, `jti`)."""

    hash: str
    client_id: str
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class Client:
    """A third party's registration (RFC 7591 §2).

    `auth_method` is how it authenticates; a client with a secret may send the secret by either of the two methods.
    With private_key_jwt it has keys instead, in `jwks` or at `jwks_uri`.

    `approved` is when the utility approved it; from then on it may go live.
    `removed` is when the client deleted its registration, which ended its tokens.

    `base` is the server's base URL of its last token request; notifications use it in their links.
    `owes`: the client cannot collect history until it pays (402); set by tests.
    """

    id: str
    secret: str
    company_name: str
    website: str
    contact_email: str
    mode: Mode
    redirect_uris: tuple[str, ...]
    allows_loopback: bool
    scope: str
    scopes_of_use: tuple[ScopeOfUse, ...]
    api_token: str
    registration_access_token: str
    webhook_secret: str
    notify_uri: str | None
    created: datetime
    auth_method: AuthMethod = "client_secret_basic"
    jwks: KeySet | None = None
    jwks_uri: str | None = None
    particulars: Particulars = Particulars()
    approved: datetime | None = None
    removed: datetime | None = None
    base: str | None = None
    owes: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it cannot authenticate and so must use PKCE (RFC 6749 §2.1)."""
        return self.auth_method == "none"

    @property
    def has_secret(self) -> bool:
        """Whether it authenticates by a secret."""
        return self.auth_method in ("client_secret_basic", "client_secret_post")

    @property
    def grant_types(self) -> tuple[str, ...]:
        """Returns the grant types that it may use (RFC 7591 §2)."""
        own = () if self.is_public else ("client_credentials",)
        return ("authorization_code", *own, "refresh_token")
