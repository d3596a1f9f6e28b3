"""Revokes a token for its client (RFC 7009 §2.1)."""

from mock_server.actions.tokens.grants import end_grant
from mock_server.actions.tokens.issue import end_tokens
from mock_server.domain.errors import UnauthorizedClient, UnsupportedTokenType
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_PERMANENT = (
    "This is a token of the client itself, which does not expire. Replace it in the settings of the "
    "registration."
)
_BECAUSE = "its client revoked it"


def revoke_token(_: Sandbox, transaction: Transaction, client: Client, token: str) -> None:
    """End a token; with a refresh token go all that came from the same code. One that is unknown is none to end.

    The customer's authorization stands: the client may hold others of its tokens, and DELETE of the
    Authorization ends all. Raises UnauthorizedClient for another client's, UnsupportedTokenType for one of the
    registration.
    """
    found = transaction.tokens.find(hash=fingerprint(token))
    if found is None:
        return
    if found.client_id != client.id:
        raise UnauthorizedClient(
            "This token was issued to another client. Revoke a token with the client that holds it."
        )
    if found.authorization_uid is None:
        raise UnsupportedTokenType(_PERMANENT)
    if found.token_class == "refresh" and found.grant_id is not None:
        end_grant(transaction, found.grant_id, _BECAUSE)
    end_tokens(transaction, transaction.now, _BECAUSE, hash=found.hash)
