"""The client's id and secret as parameters (RFC 6749 §2.3.1)."""

from mock_server.domain.errors import InvalidClient
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.oauth.client_auth.credentials import Credentials


def read(_context: RequestContext, parameters: Parameters) -> Credentials | None:
    """The credentials, if the request has a secret. Raises InvalidClient for a secret without an id."""
    secret = parameters.one("client_secret")
    if secret is None:
        return None
    client_id = parameters.one("client_id")
    if client_id is None:
        raise InvalidClient("The request has a client_secret but no client_id. Send both, or use HTTP Basic.")
    return Credentials(client_id=client_id, secret=secret)
