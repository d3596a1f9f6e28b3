"""Issues tokens for the client itself: for its registration or its authorizations (ESPI 4.0 §4.4)."""

from dataclasses import replace
from typing import Literal

from mock_server.actions.connecting.make_authorization import FIRST_AUTHORIZATION
from mock_server.actions.tokens.access_tokens import signer_for
from mock_server.actions.tokens.issue import IssuedTokens, access_expiry, add_access_token, seconds
from mock_server.domain.errors import UnauthorizedClient
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Authorization, Client
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

REGISTRATION_BLOCKS = frozenset({36, 40})
MANAGE_REGISTRATION_BLOCK = 44


def issue_client_token(
    sandbox: Sandbox, transaction: Transaction, client: Client, *, scope: str | None
) -> IssuedTokens:
    """Issue a token for the client's registration or its authorizations, depending on the scope (ESPI 4.0 §4.4)."""
    if client.is_public:
        raise UnauthorizedClient(
            "A client without a secret cannot use client_credentials (RFC 6749, section 4.4)."
        )
    text = scope or client.scope
    blocks = set(parse_scope(text).function_blocks)
    manages = blocks <= REGISTRATION_BLOCKS or blocks == {MANAGE_REGISTRATION_BLOCK}
    kind: Literal["registration", "client"] = "registration" if manages else "client"
    authorization = _own_authorization(transaction, client, kind, text)
    now = transaction.now
    access = add_access_token(
        sandbox,
        transaction,
        authorization,
        now,
        signer=signer_for(sandbox, transaction, client),
        token_class=kind,
        scope=text,
    )
    return IssuedTokens(
        access_token=access,
        refresh_token=None,
        expires_in=seconds(access_expiry(sandbox, authorization, now), now),
        authorization=authorization,
    )


def _own_authorization(
    transaction: Transaction, client: Client, kind: Literal["client", "registration"], scope: str
) -> Authorization:
    """The client's own Authorization resource, created with its first token. It has the newest token's scope."""
    found = transaction.authorizations.find(client_id=client.id, kind=kind)
    if found is None:
        transaction.clients.hold(id=client.id)  # otherwise two simultaneous first tokens would create two
        found = transaction.authorizations.find(client_id=client.id, kind=kind)
    if found is None:
        return _make_authorization(transaction, client, kind, scope)
    if found.scope == scope:
        return found
    transaction.authorizations.change({"uid": found.uid}, scope=scope)
    return replace(found, scope=scope)


def _make_authorization(
    transaction: Transaction, client: Client, kind: Literal["client", "registration"], scope: str
) -> Authorization:
    made = Authorization(
        uid=transaction.next_number("authorization", first=FIRST_AUTHORIZATION),
        kind=kind,
        client_id=client.id,
        customer_id=None,
        scope=scope,
        requested_scope=scope,
        scope_of_use=None,
        created=transaction.now,
        history_start=None,
        ongoing_end=None,
        expires=None,
        revoked=None,
    )
    transaction.authorizations.add(made)
    return made
