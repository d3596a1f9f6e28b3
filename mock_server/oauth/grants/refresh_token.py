"""The refresh token grant (RFC 6749 §6)."""

from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.oauth.grants.grant import Grant, required
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def _answer(
    sandbox: Sandbox, transaction: Transaction, client: Client, parameters: Parameters
) -> IssuedTokens:
    token = required(parameters, "refresh_token", where_from="the refresh_token of the first token answer")
    return refresh(sandbox, transaction, client, refresh_token=token, scope=parameters.one("scope"))


GRANT = Grant(name="refresh_token", answer=_answer)
