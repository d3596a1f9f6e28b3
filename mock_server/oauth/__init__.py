"""The authorization server's endpoints for clients' servers: tokens and registration. No pages."""

from mock_server.http.surface import Served, Surface, routes_of
from mock_server.urls import METADATA, REGISTER


def _load() -> Served:
    from mock_server.oauth import discovery, introspect, jwks, par, register, revoke, token
    from mock_server.oauth.errors import render_error

    routes = routes_of(token, revoke, introspect, par, register, discovery, jwks)
    return Served(routes=routes, render_error=render_error)


SURFACE = Surface(
    name="oauth",
    prefixes=(METADATA, REGISTER),
    suffixes=tuple(f"/oauth/{endpoint}" for endpoint in ("token", "revoke", "introspect", "par", "jwks")),
    load=_load,
)
