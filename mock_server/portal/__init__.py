"""What the third party's people see: registration, log-in, dashboard, settings."""

import httpx
from starlette.requests import Request
from starlette.responses import Response

from mock_server.core.errors import MockServerError
from mock_server.paths import DEMO
from mock_server.surface import Served, Surface, routes_of

__all__ = ["SURFACE", "over_the_wire"]


def _load() -> Served:
    from mock_server.portal import (
        ask,
        authorization,
        dashboard,
        demo,
        downloads,
        log_in,
        register,
        settings,
        settings_changes,
        settings_webhooks,
    )

    routes = routes_of(
        register,
        log_in,
        dashboard,
        ask,
        authorization,
        demo,
        downloads,
        settings,
        settings_changes,
        settings_webhooks,
    )
    return Served(routes=routes, render_error=_render_error)


def _render_error(request: Request, error: MockServerError) -> Response:
    """Each part refuses in its own way."""
    from mock_server.portal import visit
    from mock_server.portal.demo import refusal

    if request.scope["path"].startswith(DEMO):
        return refusal.render_error(request, error)
    return visit.render_error(request, error)


SURFACE = Surface(name="portal", prefixes=("/dashboard", "/settings", "/third-party/", DEMO), load=_load)


def over_the_wire(request: Request) -> httpx.AsyncBaseTransport:
    """How the demo calls this server: by its address, like any client."""
    from mock_server.portal.demo import wire

    return wire.over_the_wire(request)
