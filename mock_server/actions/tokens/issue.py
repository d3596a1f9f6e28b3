"""Creates and revokes tokens; shared by all grants."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.tokens.access_tokens import Signer, finished_token
from mock_server.domain.errors import InvalidGrant, RevokedGrant
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Authorization, Grant, Token, TokenClass
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class IssuedTokens:
    """What the token endpoint answers, before it is put into words. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str | None
    expires_in: int
    authorization: Authorization


def end_tokens(transaction: Transaction, now: datetime, because: str, /, **where: object) -> None:
    """End every matching token that has not ended, but not what it belongs to."""
    transaction.tokens.change({"ended": None, **where}, ended=now, ended_because=because)


def live_authorization(transaction: Transaction, uid: str, now: datetime) -> Authorization:
    """The authorization, if it still opens something. Raises RevokedGrant, InvalidGrant."""
    authorization = transaction.authorizations.find(uid=uid)
    if authorization is None:
        raise InvalidGrant("The authorization behind this no longer exists. Start a new one.")
    status = authorization.status_at(now)
    if status == "revoked":
        raise RevokedGrant(
            "This authorization was revoked. Stop asking, and offer the customer to connect again."
        )
    if status == "expired":
        raise InvalidGrant("This authorization has expired. Ask the customer for a new one.")
    return authorization


def add_access_token(
    sandbox: Sandbox,
    transaction: Transaction,
    authorization: Authorization,
    now: datetime,
    *,
    signer: Signer | None,
    token_class: TokenClass = "access",
    scope: str | None = None,
    grant: Grant | None = None,
) -> str:
    """A fresh access token; returns its text, of which only a hash is stored."""
    secret = sandbox.random.secret()
    token = new_token(
        secret,
        token_class,
        authorization,
        now=now,
        expires=access_expiry(sandbox, authorization, now),
        scope=scope,
        grant=grant,
    )
    token, text = finished_token(sandbox, token, secret, signer)
    transaction.tokens.add(token)
    return text


def add_refresh_token(
    sandbox: Sandbox, transaction: Transaction, authorization: Authorization, now: datetime, *, grant: Grant
) -> str:
    """A fresh refresh token of the grant's newest generation; returns its text."""
    secret, lifetime = sandbox.random.secret(), sandbox.settings.refresh_token_seconds
    expires = now + timedelta(seconds=lifetime) if lifetime else None
    transaction.tokens.add(new_token(secret, "refresh", authorization, now=now, expires=expires, grant=grant))
    return secret


def access_expiry(sandbox: Sandbox, authorization: Authorization, now: datetime) -> datetime:
    """An access token never outlives its authorization."""
    usual = now + timedelta(seconds=sandbox.settings.access_token_seconds)
    return min(usual, authorization.expires or usual)


def seconds(expires: datetime, now: datetime) -> int:
    """How long until then: `expires_in`."""
    return round((expires - now).total_seconds())


def new_token(
    secret: str,
    token_class: TokenClass,
    authorization: Authorization,
    *,
    now: datetime,
    expires: datetime | None,
    scope: str | None = None,
    grant: Grant | None = None,
) -> Token:
    """The record of a token of an authorization; the scope is the authorization's by default."""
    return Token(
        hash=fingerprint(secret),
        token_class=token_class,
        client_id=authorization.client_id,
        authorization_uid=authorization.uid,
        customer_id=authorization.customer_id,
        scope=scope or authorization.scope,
        issued=now,
        expires=expires,
        grant_id=grant.id if grant else None,
        generation=grant.generation if grant else 1,
    )
