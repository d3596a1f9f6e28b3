"""Creates and ends tokens; shared by all grants."""

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
    """The contents of a token response. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str | None
    expires_in: int
    authorization: Authorization


def end_tokens(transaction: Transaction, now: datetime, because: str, /, **where: object) -> None:
    """End every matching token that has not ended. Grants and authorizations stay."""
    transaction.tokens.change({"ended": None, **where}, ended=now, ended_because=because)


def live_authorization(transaction: Transaction, uid: str, now: datetime) -> Authorization:
    """The authorization, if it is active. Raises RevokedGrant, InvalidGrant."""
    authorization = transaction.authorizations.find(uid=uid)
    if authorization is None:
        raise InvalidGrant("This authorization no longer exists. Start a new one.")
    status = authorization.status_at(now)
    if status == "revoked":
        raise RevokedGrant(
            "This authorization was revoked. Stop retrying, and let the customer connect again."
        )
    if status == "expired":
        raise InvalidGrant("This authorization has expired. Ask the customer to authorize again.")
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
    """Add a new access token and return its text. Only a hash is stored."""
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
    """Add a refresh token of the grant's newest generation and return its text."""
    secret, lifetime = sandbox.random.secret(), sandbox.settings.refresh_token_seconds
    expires = now + timedelta(seconds=lifetime) if lifetime else None
    transaction.tokens.add(new_token(secret, "refresh", authorization, now=now, expires=expires, grant=grant))
    return secret


def access_expiry(sandbox: Sandbox, authorization: Authorization, now: datetime) -> datetime:
    """When a new access token expires; never later than its authorization."""
    usual = now + timedelta(seconds=sandbox.settings.access_token_seconds)
    return min(usual, authorization.expires or usual)


def seconds(expires: datetime, now: datetime) -> int:
    """The whole seconds from `now` to `expires`."""
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
    """A token record for an authorization, by default with its scope."""
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
