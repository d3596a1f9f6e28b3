"""The client credentials grant (RFC 6749 §4.4, ESPI 4.0 §4.4)."""

from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.oauth.grants.grant import Grant
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def _answer(
    sandbox: Sandbox, transaction: Transaction, client: Client, parameters: Parameters
) -> IssuedTokens:
    return issue_client_token(sandbox, transaction, client, scope=parameters.one("scope"))


GRANT = Grant(name="client_credentials", answer=_answer)
