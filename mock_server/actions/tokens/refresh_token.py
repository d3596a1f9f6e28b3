"""Issues a new access token and, if refresh tokens rotate, a new refresh token (RFC 6749 §6, RFC 9700 §4.14)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from mock_server.actions.tokens.access_tokens import Signer, signer_for
from mock_server.actions.tokens.explain_mistake import recognise
from mock_server.actions.tokens.grants import end_grant
from mock_server.actions.tokens.issue import (
    IssuedTokens,
    access_expiry,
    add_access_token,
    add_refresh_token,
    end_tokens,
    live_authorization,
    seconds,
)
from mock_server.domain.errors import InvalidGrant, InvalidScope
from mock_server.domain.oauth.token_validity import TokenFacts, token_end
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Authorization, Client, Grant, Token
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_ROTATED: Final = "it was replaced by a newer one"
_REUSED: Final = "a refresh token of the same grant was reused after it had been replaced"


def refresh(
    sandbox: Sandbox, transaction: Transaction, client: Client, *, refresh_token: str, scope: str | None
) -> IssuedTokens:
    """Issue a new access token; the previous one ends if only one may work (RFC 6749 §6, ESPI 4.0 §4.5).

    Raises InvalidGrant, RevokedGrant if the authorization was revoked, InvalidScope for another scope. Reusing a
    replaced refresh token ends its grant (RFC 9700 §4.14.2).
    """
    token = transaction.tokens.find(hash=fingerprint(refresh_token), token_class="refresh")
    if token is None or token.client_id != client.id:
        raise InvalidGrant(_not_yours(token, client) or _unknown(sandbox, transaction, refresh_token))
    grant = transaction.grants.hold(id=token.grant_id)
    now = transaction.now
    authorization = live_authorization(transaction, token.authorization_uid or "", now)
    if grant is None:
        raise InvalidGrant(
            "The grant of this refresh token no longer exists. Ask the customer to authorize again."
        )
    _check(token, grant, authorization, client, now)
    _check_scope(authorization, scope)
    rotates = client.is_public or sandbox.settings.refresh_rotation == "on"
    grace = timedelta(seconds=sandbox.settings.refresh_grace_seconds)
    used = _use(transaction, token, grant, now, rotates=rotates, grace=grace)
    if used is not None:
        current = refresh_token if token.generation == used.generation else None
        signer = signer_for(sandbox, transaction, client)
        return _issue(sandbox, transaction, authorization, now, grant=used, current=current, signer=signer)
    end_grant(transaction, grant.id, _REUSED)
    error = InvalidGrant(
        "This refresh token was reused after it had been replaced, so it may be stolen: all tokens of this grant were "
        "ended. Store the refresh_token of each response, and ask the customer to authorize again."
    )
    raise transaction.commit_with(error)


def _check(token: Token, grant: Grant, authorization: Authorization, client: Client, now: datetime) -> None:
    """Raises InvalidGrant if the token has ended, unless a newer one replaced it, which `_use` checks."""
    unended = replace(token, ended=None, ended_because=None)
    facts = TokenFacts(
        token=unended, grant=grant, authorization=authorization, has_client=client.removed is None
    )
    end = token_end(facts, now)
    if end is not None and end.kind == "expired":
        raise InvalidGrant(
            f"This refresh token expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC. Ask the customer to authorize "
            "again."
        )
    if end is not None:
        raise InvalidGrant(
            f"This refresh token was ended: {end.because}. Ask the customer to authorize again."
        )


def _check_scope(authorization: Authorization, scope: str | None) -> None:
    """Raises InvalidScope. The requested scope is accepted, because requests-oauthlib sends it again."""
    if scope not in (None, authorization.scope, authorization.requested_scope):
        raise InvalidScope(
            f"The scope {quoted(scope or '')} is not the granted one. Omit scope, or send {authorization.scope}"
        )


def _use(
    transaction: Transaction, token: Token, grant: Grant, now: datetime, *, rotates: bool, grace: timedelta
) -> Grant | None:
    """The grant after this refresh; None if the token was replaced before and is outside the grace period.

    Of several simultaneous requests with the newest token, only one replaces it, since each locks the grant. The grace
    period is for a client that did not receive the newest token: it gets another one of the same generation.
    """
    if token.generation == grant.generation:
        return _renew(transaction, grant, now) if rotates else grant
    is_previous = token.generation == grant.generation - 1
    return grant if grace and is_previous and now < grant.renewed + grace else None


def _renew(transaction: Transaction, grant: Grant, now: datetime) -> Grant:
    """Start the next generation of refresh tokens."""
    renewed = replace(grant, generation=grant.generation + 1, renewed=now)
    transaction.grants.change({"id": grant.id}, generation=renewed.generation, renewed=now)
    end_tokens(transaction, now, _ROTATED, grant_id=grant.id, token_class="refresh")
    return renewed


def _issue(
    sandbox: Sandbox,
    transaction: Transaction,
    authorization: Authorization,
    now: datetime,
    *,
    grant: Grant,
    current: str | None,
    signer: Signer | None,
) -> IssuedTokens:
    """Issue the tokens. `current` is the refresh token that stays valid; None issues a new one."""
    if sandbox.settings.access_tokens == "one":
        end_tokens(transaction, now, "it was refreshed", grant_id=grant.id, token_class="access")
    access = add_access_token(sandbox, transaction, authorization, now, signer=signer, grant=grant)
    return IssuedTokens(
        access_token=access,
        refresh_token=current or add_refresh_token(sandbox, transaction, authorization, now, grant=grant),
        expires_in=seconds(access_expiry(sandbox, authorization, now), now),
        authorization=authorization,
    )


def _not_yours(found: Token | None, client: Client) -> str | None:
    if found is None:
        return None
    return (
        f"This refresh token was issued to {found.client_id}, but {client.id} sent it. Refresh with the client that "
        "it was issued to."
    )


def _unknown(sandbox: Sandbox, transaction: Transaction, refresh_token: str) -> str:
    return recognise(sandbox, transaction, refresh_token) or (
        f"The refresh token {quoted(refresh_token[:6] + '…')} ({len(refresh_token)} characters) is unknown. Send the "
        "refresh_token from a token response, not an access token or a code."
    )
