"""The rate limit of a token: calls per second, by the sandbox's clock."""

from mock_server.domain.errors import TooManyRequests
from mock_server.domain.records import CallCount, Token
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def count_call(sandbox: Sandbox, transaction: Transaction, token: Token) -> None:
    """Count one call of a token, if there is a limit. Raises TooManyRequests."""
    limit = sandbox.settings.rate_limit
    if not limit:
        return
    second = int(transaction.now.timestamp())
    found = transaction.call_counts.find(token_hash=token.hash)
    if found is None:
        transaction.call_counts.add(CallCount(token_hash=token.hash, second=second, count=1))
    elif found.second != second:
        transaction.call_counts.change({"token_hash": token.hash}, second=second, count=1)
    elif found.count < limit:
        transaction.call_counts.change({"token_hash": token.hash}, count=found.count + 1)
    else:
        raise TooManyRequests(
            f"This token has made {limit} calls in this second, the maximum. Wait for the seconds in Retry-After; "
            "MOCK_SERVER_RATE_LIMIT sets the limit.",
            retry_after=1,
        )
