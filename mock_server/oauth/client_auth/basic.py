"""HTTP Basic with the client's id and secret (RFC 6749 §2.3.1): the default."""

from base64 import b64decode
from binascii import Error
from urllib.parse import unquote_plus

from starlette.requests import Request

from mock_server.core.errors import InvalidClient
from mock_server.core.parameters import Parameters
from mock_server.oauth.client_auth.credentials import Credentials


def read(request: Request, _parameters: Parameters) -> Credentials | None:
    """The credentials of the Authorization header, if there is one. Raises InvalidClient if it is malformed."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.casefold() != "basic":
        raise InvalidClient(
            "The Authorization header is not HTTP Basic. Send Basic and base64(client_id:client_secret)."
        )
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError) as error:
        raise InvalidClient(
            "The Basic credentials are not base64. Send base64(client_id:client_secret)."
        ) from error
    if not colon or not client_id:
        raise InvalidClient(
            "The Basic credentials lack a colon or an id. Send base64(client_id:client_secret)."
        )
    return Credentials(client_id=unquote_plus(client_id), secret=unquote_plus(secret))
