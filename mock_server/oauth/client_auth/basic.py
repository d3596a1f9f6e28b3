"""HTTP Basic with the client's id and secret (RFC 6749 §2.3.1): the default."""

from urllib.parse import unquote_plus

from mock_server.domain.errors import InvalidClient
from mock_server.domain.oauth.basic_credentials import user_and_password
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.oauth.client_auth.credentials import Credentials


def read(context: RequestContext, _parameters: Parameters) -> Credentials | None:
    """The credentials in the Authorization header, if any. Raises InvalidClient if it is malformed."""
    header = context.headers.get("authorization")
    if header is None:
        return None
    if header.strip().partition(" ")[0].casefold() != "basic":
        raise InvalidClient(
            "The Authorization header is not HTTP Basic. Send Basic and base64(client_id:client_secret)."
        )
    found = user_and_password(header)
    if found is None or not found[0]:
        raise InvalidClient(
            "The Basic credentials are not base64, or lack a colon or an id. Send base64(client_id:client_secret)."
        )
    client_id, secret = map(unquote_plus, found)
    return Credentials(client_id=client_id, secret=secret)
