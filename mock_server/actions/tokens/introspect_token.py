"""Token introspection, for the client that a token was issued to (RFC 7662 §2.2)."""

from dataclasses import dataclass
from datetime import datetime

from mock_server.actions.tokens.grants import facts_of
from mock_server.domain.errors import UnauthorizedClient
from mock_server.domain.oauth.token_validity import token_end
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Authorization, Client, Token
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class LivingToken:
    """A valid token, its authorization, and when it expires (None: never)."""

    token: Token
    authorization: Authorization | None
    expires: datetime | None


def find_living_token(_: Sandbox, transaction: Transaction, client: Client, token: str) -> LivingToken | None:
    """The token, if it is valid and was issued to the client. Raises UnauthorizedClient for a public client.

    Otherwise anyone who knows a public client's id could scan for tokens (RFC 7662 §2.1 and §4).
    """
    if client.is_public:
        raise UnauthorizedClient(
            "A client without a secret cannot introspect tokens (RFC 7662, section 2.1). Use expires_in of the "
            "token response, and refresh when a resource returns 401."
        )
    found = transaction.tokens.find(hash=fingerprint(token), client_id=client.id)
    if found is None:
        return None
    facts = facts_of(transaction, found)
    if token_end(facts, transaction.now) is not None:
        return None
    ends = (found.expires, facts.authorization.expires if facts.authorization else None)
    expires = min((end for end in ends if end is not None), default=None)
    return LivingToken(token=found, authorization=facts.authorization, expires=expires)
