"""The authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.5)."""

from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.oauth.grants.grant import Grant, required
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def _answer(
    sandbox: Sandbox, transaction: Transaction, client: Client, parameters: Parameters
) -> IssuedTokens:
    return redeem_code(
        sandbox,
        transaction,
        client,
        code=required(parameters, "code", where_from="the code from the redirect"),
        redirect_uri=parameters.one("redirect_uri"),
        code_verifier=parameters.one("code_verifier"),
    )


GRANT = Grant(name="authorization_code", answer=_answer)
