"""Checks a bearer token: its holder, and whether it opens this URL (RFC 6750 §3.1, ESPI 4.0 §1.8)."""

from collections.abc import Collection
from dataclasses import dataclass

from mock_server.actions.tokens.explain_mistake import recognise
from mock_server.actions.tokens.grants import facts_of
from mock_server.domain.errors import InsufficientScope, InvalidToken
from mock_server.domain.oauth.token_validity import TokenEnd, token_end
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Authorization, Token, TokenClass
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The holder of a valid token: the token and its client."""

    token: Token
    client_id: str

    def may_read(self, authorization: Authorization) -> bool:
        """Whether the token opens that customer's data. An API token opens all customers of its client."""
        if authorization.client_id != self.client_id or authorization.kind != "customer":
            return False
        return self.token.token_class == "api" or self.token.authorization_uid == authorization.uid


def check_token(
    sandbox: Sandbox, transaction: Transaction, token: str, *, allowed: Collection[TokenClass]
) -> Caller:
    """The token's holder. Raises InvalidToken, InsufficientScope for another class or a revoked authorization."""
    found = transaction.tokens.find(hash=fingerprint(token))
    if found is None or found.token_class in ("refresh", "single_sign_on"):
        raise InvalidToken(recognise(sandbox, transaction, token) or _unknown_token(token))
    end = token_end(facts_of(transaction, found), transaction.now)
    if end is not None:
        raise _refusal(end, found)
    if found.token_class not in allowed:
        raise InsufficientScope(
            f"This is {_A_CLASS[found.token_class]}, but this URL needs {_classes(allowed)}."
        )
    return Caller(token=found, client_id=found.client_id)


_A_CLASS = {
    "access": "an access token of one customer's authorization (from authorization_code)",
    "client": "a client token (from client_credentials)",
    "registration": "a registration token",
    "api": "a JSON API token",
}


def _classes(allowed: Collection[TokenClass]) -> str:
    return " or ".join(text for name, text in _A_CLASS.items() if name in allowed)


def _unknown_token(token: str) -> str:
    return (
        f"The token {quoted(token[:6] + '…')} ({len(token)} characters) is unknown. Send the access_token from a "
        "token response of this server; a reset deletes tokens."
    )


def _refusal(end: TokenEnd, token: Token) -> InsufficientScope | InvalidToken:
    match end.kind:
        case "revoked":
            return InsufficientScope(
                "The authorization of this token was revoked. Stop using it, and ask the customer to authorize again."
            )
        case "authorization expired":
            return InvalidToken(
                "The authorization of this token has expired. Ask the customer to authorize again."
            )
        case "ended":
            return InvalidToken(f"This token no longer works: {end.because}. Use the newest access token.")
        case "expired":
            return InvalidToken(
                f"This token expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC. Get a new one with the refresh token."
            )
