"""Bearer tokens of the Authorization header (RFC 6750)."""

from collections.abc import Collection

from mock_server.actions.tokens.check_token import Caller, check_token
from mock_server.domain.errors import InvalidToken, MissingToken
from mock_server.domain.records import TokenClass
from mock_server.http.context import RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def bearer_token(context: RequestContext) -> str:
    """The token of the Authorization header (RFC 6750 §2.1). Raises MissingToken, InvalidToken."""
    header = context.headers.get("authorization", "").strip()
    if not header:
        raise MissingToken("There is no Authorization header. Send: Authorization: Bearer <token>.")
    scheme, _, token = header.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise InvalidToken(f"{_why_not_bearer(header)} Send: Authorization: Bearer <token>.")
    return token.strip()


def _why_not_bearer(header: str) -> str:
    """Why an Authorization header holds no bearer token. Never quotes its value."""
    scheme, _, rest = header.partition(" ")
    match scheme.casefold():
        case "bearer":
            return "There is no token behind the word Bearer in the Authorization header."
        case "basic":
            return "The Authorization header is HTTP Basic, which is for the token endpoint, and not a bearer token."
    if not rest:
        return "The Authorization header is not a bearer token: the word Bearer before the token is missing."
    return "The Authorization header is not a bearer token."


async def authenticate_bearer(context: RequestContext, *, allowed: Collection[TokenClass]) -> Caller:
    """Check the bearer token in a transaction of its own. Raises what `check_token` raises."""
    sandbox = context.sandbox
    return await sandbox.run(sandbox.read, check_bearer, context, allowed=allowed)


def check_bearer(
    sandbox: Sandbox,
    transaction: Transaction,
    context: RequestContext,
    *,
    allowed: Collection[TokenClass],
    token: str | None = None,
) -> Caller:
    """Check the bearer token, or `token` in its place, and note its caller. Raises what `check_token` raises."""
    caller = check_token(sandbox, transaction, token or bearer_token(context), allowed=allowed)
    context.caller = caller
    context.note_client(caller.client_id)
    return caller
