"""The utility's OpenID provider: sessions, codes, signing keys."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SignOnSession:
    """A browser that is logged in at the utility's OpenID provider."""

    hash: str
    customer_id: str
    started: datetime
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class SignOnCode:
    """An authorization code of the utility's OpenID provider (OpenID Connect Core §3.1.2.5)."""

    hash: str
    customer_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    authenticated: datetime
    expires: datetime
    redeemed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """The provider's private signing key, as PEM (PKCS #8)."""

    id: str
    pem: str
    created: datetime
