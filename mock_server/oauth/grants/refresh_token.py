"""The refresh token grant (RFC 6749 §6)."""

from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.oauth.grants.grant import Grant, required
from mock_server.sandbox import Sandbox


def _answer(sandbox: Sandbox, client: Client, parameters: Parameters) -> IssuedTokens:
    token = required(parameters, "refresh_token", where_from="the refresh_token of the latest token response")
    return refresh(sandbox, client, refresh_token=token, scope=parameters.one("scope"))


GRANT = Grant(name="refresh_token", answer=_answer)
