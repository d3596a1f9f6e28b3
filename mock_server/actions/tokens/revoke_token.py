"""Revokes a token for its client (RFC 7009 §2.1)."""

from mock_server.actions.tokens.grants import end_grant
from mock_server.actions.tokens.issue import end_tokens
from mock_server.domain.errors import UnauthorizedClient, UnsupportedTokenType
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_PERMANENT = (
    "This token belongs to the client itself and cannot be revoked. Replace it in the client's settings."
)
_BECAUSE = "its client revoked it"


def revoke_token(_: Sandbox, transaction: Transaction, client: Client, token: str) -> None:
    """End a token. A refresh token ends all tokens from the same code. An unknown token is ignored.

    The customer's authorization stays, because the client may hold other tokens of it; DELETE of the Authorization
    ends them all. Raises UnauthorizedClient for another client's token, UnsupportedTokenType for the client's own.
    """
    found = transaction.tokens.find(hash=fingerprint(token))
    if found is None:
        return
    if found.client_id != client.id:
        raise UnauthorizedClient(
            "This token was issued to another client. Revoke a token with the client that it was issued to."
        )
    if found.authorization_uid is None:
        raise UnsupportedTokenType(_PERMANENT)
    if found.token_class == "refresh" and found.grant_id is not None:
        end_grant(transaction, found.grant_id, _BECAUSE)
    end_tokens(transaction, transaction.now, _BECAUSE, hash=found.hash)
