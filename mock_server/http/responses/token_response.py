"""The JSON of issued tokens, for the token endpoint and the control API."""

from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.domain.consent.consent import ACCOUNT_BLOCKS
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.urls import Links


def token_response(links: Links, issued: IssuedTokens) -> dict[str, str | int]:
    """The fields of ESPI 4.0 §4.4; those that do not apply are absent."""
    authorization = issued.authorization
    answer: dict[str, str | int] = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "scope": authorization.scope,
        "resourceURI": links.readable(authorization),
        "authorizationURI": links.authorization(authorization.uid),
    }
    if issued.refresh_token is not None:
        answer["refresh_token"] = issued.refresh_token
    if authorization.kind == "customer" and ACCOUNT_BLOCKS & set(
        parse_scope(authorization.scope).function_blocks
    ):
        answer["customerResourceURI"] = links.batch_customer(authorization.uid)
    return answer
