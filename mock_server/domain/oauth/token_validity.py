"""Decides whether a token is valid, and if not, why.

A token is valid only while its grant, authorization and client are (RFC 6749 §4.1.2, RFC 7009 §2.1, RFC 9700
§4.14.2). Ending one of these therefore need not update its tokens, and cannot miss one that is just being issued.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from mock_server.domain.records import Authorization, Grant, Token

EndKind: TypeAlias = Literal["revoked", "authorization expired", "ended", "expired"]
_REGISTRATION = "registration"


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """A token and the records it depends on; None for those that do not exist."""

    token: Token
    grant: Grant | None
    authorization: Authorization | None
    has_client: bool
    """Whether its client is registered and has not deleted its registration."""


@dataclass(frozen=True, kw_only=True)
class TokenEnd:
    """Why a token is invalid. `because` is the second half of a sentence."""

    kind: EndKind
    because: str


def token_end(facts: TokenFacts, now: datetime) -> TokenEnd | None:
    """Returns why the token is invalid at `now`; None if it is valid (RFC 6750 §3.1, `invalid_token`)."""
    token, grant = facts.token, facts.grant
    ends = (
        _end_of_authorization(facts, now),
        _ended(grant is None and token.grant_id is not None, "its grant was deleted"),
        _ended(_has_lost_client(facts), "the client deleted its registration"),
        _ended(grant is not None and grant.ended is not None, (grant and grant.ended_because) or ""),
        _ended(token.ended is not None, token.ended_because or ""),
    )
    first = next((end for end in ends if end is not None), None)
    if first is None and token.expires is not None and token.expires <= now:
        return TokenEnd(kind="expired", because=f"it expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC")
    return first


def _end_of_authorization(facts: TokenFacts, now: datetime) -> TokenEnd | None:
    if facts.token.authorization_uid is None:
        return None
    if facts.authorization is None:
        return TokenEnd(kind="ended", because="the authorization was deleted")
    match facts.authorization.status_at(now):
        case "revoked":
            return TokenEnd(kind="revoked", because="the authorization was revoked")
        case "expired":
            return TokenEnd(kind="authorization expired", because="the authorization has expired")
        case "active":
            return None


def _has_lost_client(facts: TokenFacts) -> bool:
    """Returns whether the token's client is gone.

    Single sign-on tokens have no registered client. A registration token outlives the registration: it restores it.
    """
    return not facts.has_client and facts.token.token_class not in ("single_sign_on", _REGISTRATION)


def _ended(has_ended: bool, because: str) -> TokenEnd | None:
    return TokenEnd(kind="ended", because=because) if has_ended else None
