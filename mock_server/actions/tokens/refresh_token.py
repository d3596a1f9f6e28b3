"""A new access token for a refresh token, and by policy a new refresh token (RFC 6749 §6, RFC 9700 §4.14)."""

from datetime import datetime, timedelta
from typing import Final

from mock_server.actions.managing.clients import shown
from mock_server.actions.tokens.access_tokens import Signer, signer_for
from mock_server.actions.tokens.issue import (
    IssuedTokens,
    access_expiry,
    add_access_token,
    add_refresh_token,
    end_tokens,
    live_authorization,
    seconds,
)
from mock_server.actions.tokens.recognise import recognise
from mock_server.core.chance import fingerprint
from mock_server.core.errors import InvalidGrant, InvalidScope
from mock_server.core.records import Authorization, Client, Token
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_ROTATED: Final = "it was replaced by a newer one"
_REUSED: Final = "a refresh token of theirs was used again after it had been replaced"


def refresh(sandbox: Sandbox, client: Client, *, refresh_token: str, scope: str | None) -> IssuedTokens:
    """A new access token; the previous one ends at once, if only one may work (RFC 6749 §6, ESPI 4.0 §4.5).

    Raises InvalidGrant, RevokedGrant once the authorization was ended, InvalidScope for another scope. A refresh
    token that comes again after it was replaced ends all that came from its code (RFC 9700 §4.14.2).
    """
    now, signer = sandbox.clock.now(), signer_for(sandbox, client)
    with sandbox.store.writing() as rows:
        token = rows.tokens.find(hash=fingerprint(refresh_token), token_class="refresh")
        if token is None or token.client_id != client.id:
            raise InvalidGrant(_not_yours(token, client) or _unknown(sandbox, rows, refresh_token))
        authorization = live_authorization(rows, token.authorization_uid or "", now)
        _check(token, authorization, scope, now)
        rotates = client.is_public or sandbox.settings.refresh_rotation == "on"
        if _may_be_used(sandbox, rows, token, now, rotates=rotates):
            given = None if rotates else refresh_token
            return _issue(sandbox, rows, authorization, now, token=token, given=given, signer=signer)
        end_tokens(rows, now, _REUSED, authorization_uid=authorization.uid, code_hash=token.code_hash)
    raise InvalidGrant(
        "This refresh token was replaced before and came again, so somebody else may hold it: all tokens of this grant "
        "were ended. Keep the newest refresh_token of each answer, and ask the customer again."
    )


def _check(token: Token, authorization: Authorization, scope: str | None, now: datetime) -> None:
    if token.ended is not None and token.ended_because != _ROTATED:
        raise InvalidGrant(f"This refresh token was ended: {token.ended_because}. Ask the customer again.")
    if token.expires is not None and token.expires <= now:
        raise InvalidGrant(
            f"This refresh token expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC. Ask the customer again."
        )
    # Some libraries repeat what they asked for (requests-oauthlib); the customer has answered that already.
    if scope not in (None, authorization.scope, authorization.requested_scope):
        raise InvalidScope(
            f"The scope {shown(scope or '')} is not the granted one. Leave scope out, or send {authorization.scope}"
        )


def _may_be_used(sandbox: Sandbox, rows: Transaction, token: Token, now: datetime, *, rotates: bool) -> bool:
    """Whether it is the newest, or was so a moment ago: its successor may have been lost on the way.

    Where it is replaced, of two that come at once one finds it replaced already.
    """
    taken = {"hash": token.hash, "ended": None}
    if rotates and rows.tokens.change(taken, ended=now, ended_because=_ROTATED):
        return True
    if not rotates and token.ended is None:
        return True
    return (token.ended or now) + timedelta(seconds=sandbox.settings.refresh_grace_seconds) > now


def _issue(
    sandbox: Sandbox,
    rows: Transaction,
    authorization: Authorization,
    now: datetime,
    *,
    token: Token,
    given: str | None,
    signer: Signer | None,
) -> IssuedTokens:
    """The answer; `given` is the refresh token that stays, None for a new one."""
    if sandbox.settings.access_tokens == "one":
        end_tokens(rows, now, "it was refreshed", authorization_uid=authorization.uid, token_class="access")
    access = add_access_token(sandbox, rows, authorization, now, signer=signer, code_hash=token.code_hash)
    return IssuedTokens(
        access_token=access,
        refresh_token=given
        or add_refresh_token(sandbox, rows, authorization, now, code_hash=token.code_hash),
        expires_in=seconds(access_expiry(sandbox, authorization, now), now),
        authorization=authorization,
    )


def _not_yours(found: Token | None, client: Client) -> str | None:
    if found is None:
        return None
    return (
        f"This refresh token was issued to {found.client_id}, and {client.id} sent it. Refresh with the client that "
        "holds it."
    )


def _unknown(sandbox: Sandbox, rows: Transaction, refresh_token: str) -> str:
    return recognise(sandbox, rows, refresh_token) or (
        f"The refresh token {shown(refresh_token[:6] + '…')} ({len(refresh_token)} characters) is unknown. Send the "
        "refresh_token of a token answer, not an access token or a code."
    )
