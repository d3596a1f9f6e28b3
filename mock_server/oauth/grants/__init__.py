"""The grants of the token endpoint, one per file. The client is already authenticated."""

from mock_server.oauth.grants import authorization_code, client_credentials, refresh_token
from mock_server.oauth.grants.grant import Grant

GRANTS: tuple[Grant, ...] = (authorization_code.GRANT, refresh_token.GRANT, client_credentials.GRANT)
