"""What the third party's people see: registration, log-in, dashboard, settings."""

from starlette.requests import Request
from starlette.responses import Response

from mock_server.core.errors import MockServerError
from mock_server.paths import DEMO
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
from mock_server.portal.demo import over_the_wire, refusal
from mock_server.portal.visit import render_error
from mock_server.surface import Surface, routes_of

__all__ = ["SURFACE", "over_the_wire"]

_ROUTES = routes_of(
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


def _render_error(request: Request, error: MockServerError) -> Response:
    """Each part refuses in its own way."""
    if request.url.path.startswith(DEMO):
        return refusal.render_error(request, error)
    return render_error(request, error)


SURFACE = Surface(
    name="portal",
    routes=_ROUTES,
    prefixes=("/dashboard", "/settings", "/third-party/", DEMO),
    render_error=_render_error,
)
