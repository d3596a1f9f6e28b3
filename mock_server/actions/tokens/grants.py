"""Grants: created when a code is redeemed; ending one ends all its tokens."""

from datetime import datetime

from mock_server.domain.oauth.token_validity import TokenFacts
from mock_server.domain.records import Authorization, Grant, Token
from mock_server.store import Transaction


def begin_grant(
    transaction: Transaction,
    code_hash: str,
    *,
    client_id: str,
    authorization: Authorization | None,
    now: datetime,
) -> Grant:
    """Create the grant of a redeemed code."""
    grant = Grant(
        id=code_hash,
        client_id=client_id,
        authorization_uid=authorization.uid if authorization else None,
        created=now,
        renewed=now,
    )
    transaction.grants.add(grant)
    return grant


def end_grant(transaction: Transaction, grant_id: str, because: str) -> None:
    """End a grant and all its tokens, unless it has ended. Waits for transactions that use it."""
    grant = transaction.grants.hold(id=grant_id)
    if grant is not None and grant.ended is None:
        transaction.grants.change({"id": grant_id}, ended=transaction.now, ended_because=because)


def facts_of(transaction: Transaction, token: Token) -> TokenFacts:
    """The token with the records that its validity depends on, as the transaction sees them."""
    uid, grant_id = token.authorization_uid, token.grant_id
    return TokenFacts(
        token=token,
        grant=None if grant_id is None else transaction.grants.find(id=grant_id),
        authorization=None if uid is None else transaction.authorizations.find(uid=uid),
        has_client=transaction.clients.has(id=token.client_id, removed=None),
    )
