"""The third party's pages: registration, login, dashboard, settings, demo client."""

from typing import TYPE_CHECKING

from starlette.responses import Response

from mock_server.domain.errors import MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.surface import Served, Surface, routes_of
from mock_server.urls import DEMO

if TYPE_CHECKING:
    import httpx

__all__ = ["SURFACE", "over_the_wire"]


def _load() -> Served:
    from mock_server.portal import dashboard, demo, log_in, register, request_data
    from mock_server.portal.authorization import authorization_page, downloads
    from mock_server.portal.settings import changes, settings_page, webhooks

    routes = routes_of(
        register,
        log_in,
        dashboard,
        request_data,
        authorization_page,
        demo,
        downloads,
        settings_page,
        changes,
        webhooks,
    )
    return Served(routes=routes, render_error=_render_error)


def _render_error(context: RequestContext, error: MockServerError) -> Response:
    """The demo has its own error page."""
    from mock_server.portal import visit
    from mock_server.portal.demo import errors

    if context.path.startswith(DEMO):
        return errors.render_error(context, error)
    return visit.render_error(context, error)


SURFACE = Surface(name="portal", prefixes=("/dashboard", "/settings", "/third-party/", DEMO), load=_load)


def over_the_wire(context: RequestContext) -> "httpx.AsyncBaseTransport":
    """The transport over which the demo calls this server, as an outside client does."""
    from mock_server.portal.demo import transport

    return transport.over_the_wire(context)
