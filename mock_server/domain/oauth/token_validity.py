"""Whether a token still works, and why not: one question, whatever ended it.

A token is good only as long as its grant, its authorization and its client are (RFC 6749 §4.1.2, RFC 7009 §2.1,
RFC 9700 §4.14.2). So whatever ends one of these need not find its tokens, and no token that is just being issued can
slip through.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from mock_server.domain.records import Authorization, Grant, Token

EndKind: TypeAlias = Literal["revoked", "authorization expired", "ended", "expired"]
_OF_THE_REGISTRATION = "registration"


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """A token and what it depends on; None where there is none (any more)."""

    token: Token
    grant: Grant | None
    authorization: Authorization | None
    has_client: bool
    """Whether its client is registered and has not deleted that."""


@dataclass(frozen=True, kw_only=True)
class TokenEnd:
    """Why a token does not work. `because` is the second half of a sentence."""

    kind: EndKind
    because: str


def token_end(facts: TokenFacts, now: datetime) -> TokenEnd | None:
    """Why the token does not work at that instant; None if it does."""
    token, grant = facts.token, facts.grant
    ends = (
        _end_of_authorization(facts, now),
        _ended(grant is None and token.grant_id is not None, "its grant was deleted"),
        _ended(_has_lost_client(facts), "the client deleted its registration"),
        _ended(grant is not None and grant.ended is not None, (grant and grant.ended_because) or ""),
        _ended(token.ended is not None, token.ended_because or ""),
    )
    found = next((end for end in ends if end is not None), None)
    if found is None and token.expires is not None and token.expires <= now:
        return TokenEnd(kind="expired", because=f"it expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC")
    return found


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
    """Tokens of the single sign-on are of no registered client; the one of a registration opens it again."""
    return not facts.has_client and facts.token.token_class not in ("single_sign_on", _OF_THE_REGISTRATION)


def _ended(is_so: bool, because: str) -> TokenEnd | None:
    return TokenEnd(kind="ended", because=because) if is_so else None
