"""The utility's own OpenID provider, where its customers log in (OpenID Connect Core and Discovery)."""

from mock_server.http.surface import Served, Surface, routes_of


def _load() -> Served:
    from mock_server.sso import authorize, discovery, log_out, token, userinfo
    from mock_server.sso.errors import render_error

    routes = routes_of(discovery, authorize, log_out, token, userinfo)
    return Served(routes=routes, render_error=render_error)


SURFACE = Surface(name="sso", prefixes=("/sso/",), load=_load)
