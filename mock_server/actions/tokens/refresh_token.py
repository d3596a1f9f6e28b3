"""A new access token for a refresh token (RFC 6749 §6, ESPI 4.0 §4.5)."""

from mock_server.actions.managing.clients import shown
from mock_server.actions.tokens.issue import (
    IssuedTokens,
    access_expiry,
    add_access_token,
    end_tokens,
    live_authorization,
    seconds,
)
from mock_server.core.chance import fingerprint
from mock_server.core.errors import InvalidGrant, InvalidScope
from mock_server.core.records import Client, Token
from mock_server.sandbox import Sandbox


def refresh(sandbox: Sandbox, client: Client, *, refresh_token: str, scope: str | None) -> IssuedTokens:
    """A new access token; the previous one ends at once (RFC 6749 §6, ESPI 4.0 §4.5).

    Raises InvalidGrant, RevokedGrant once the authorization was ended, InvalidScope for another scope.
    """
    now = sandbox.clock.now()
    with sandbox.store.writing() as rows:
        token = rows.tokens.find(hash=fingerprint(refresh_token), token_class="refresh")
        if token is None or token.client_id != client.id:
            raise InvalidGrant(_unknown_refresh_token(refresh_token, token))
        authorization = live_authorization(rows, token.authorization_uid or "", now)
        if token.ended is not None:
            raise InvalidGrant(
                f"This refresh token was ended: {token.ended_because}. Ask the customer again."
            )
        if scope is not None and scope != authorization.scope:
            raise InvalidScope(
                f"The scope {shown(scope)} is not the granted one. Leave scope out, or send {authorization.scope}"
            )
        end_tokens(rows, now, "it was refreshed", authorization_uid=authorization.uid, token_class="access")
        access = add_access_token(sandbox, rows, authorization, now, token.code_hash)
    return IssuedTokens(
        access_token=access,
        refresh_token=refresh_token,
        expires_in=seconds(access_expiry(authorization, now), now),
        authorization=authorization,
    )


def _unknown_refresh_token(refresh_token: str, found: Token | None) -> str:
    if found is not None:
        return "This refresh token was issued to another client. Refresh with the client that holds it."
    return (
        f"The refresh token {shown(refresh_token[:6] + '…')} ({len(refresh_token)} characters) is unknown. Send the "
        "refresh_token of a token answer, not an access token or a code."
    )
