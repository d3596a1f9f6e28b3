"""The back channel: what the third party's server calls to get tokens and to manage them. No pages."""

from mock_server.oauth import discovery, introspect, jwks, par, register, revoke, token
from mock_server.oauth.errors import render_error
from mock_server.paths import METADATA, REGISTER
from mock_server.surface import Surface, routes_of

_ROUTES = routes_of(token, revoke, introspect, par, register, discovery, jwks)

SURFACE = Surface(
    name="oauth",
    routes=_ROUTES,
    prefixes=(METADATA, REGISTER),
    suffixes=tuple(f"/oauth/{one}" for one in ("token", "revoke", "introspect", "par", "jwks")),
    render_error=render_error,
)
