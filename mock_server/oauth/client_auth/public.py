"""No authentication, for public clients: the id alone, with PKCE (RFC 6749 §2.1, RFC 8252 §8.4)."""

from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.oauth.client_auth.credentials import Credentials


def read(context: RequestContext, parameters: Parameters) -> Credentials | None:
    """The id, if the request has no other credentials."""
    client_id = parameters.one("client_id")
    if client_id is None or "authorization" in context.headers:
        return None
    if any(parameters.one(name) is not None for name in ("client_secret", "client_assertion")):
        return None
    return Credentials(client_id=client_id, secret=None)
