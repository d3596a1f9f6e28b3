"""The utility's own OpenID provider, with which its customers log in (OpenID Connect Core and Discovery)."""

from mock_server.sso import authorize, discovery, log_out, token, userinfo
from mock_server.sso.errors import render_error
from mock_server.surface import Surface, routes_of

_ROUTES = routes_of(discovery, authorize, log_out, token, userinfo)

SURFACE = Surface(name="sso", routes=_ROUTES, prefixes=("/sso/",), render_error=render_error)
