"""Finds the route for a request: first the surface by the path, then one of its routes.

To the framework all surfaces are one route, and a surface is imported when one of its paths is first called. So a
start loads only what a health check needs, and a test pays only for the surfaces that it uses.
"""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.http.context import ErrorRenderer, find_context
from mock_server.http.middleware.plain_routes import PlainApp
from mock_server.http.responses.framework_errors import EXPECTED
from mock_server.http.surface import Surface, surface_at

_CHOSEN = "mock_server.route"


class Dispatcher:
    """Serves plain routes, and hands every other request to the framework. Renders what clients do wrong."""

    def __init__(
        self, surfaces: tuple[Surface, ...], framework: ASGIApp, *, render_error: ErrorRenderer
    ) -> None:
        self._routes = SurfacesRoute(surfaces)
        self._framework = framework
        self._render_error = render_error
        self._fixed: dict[tuple[str, str], Scope] = {}
        """What matches a method and a path without parameters: at most as many as there are such routes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        child_scope = self._match(scope)
        if child_scope is None:
            await self._framework(scope, receive, send)
            return
        scope.update(child_scope)
        app: PlainApp = scope[_CHOSEN].app
        context = find_context(scope)
        context.request = Request(scope, receive, send)
        try:
            response = await app.respond(context, scope["path_params"])
        except EXPECTED as error:
            response = await self._render_error(context, error)
        await response(scope, receive, _headers_of(send) if scope["method"] == "HEAD" else send)

    def _match(self, scope: Scope) -> Scope | None:
        """What the plain route for the request adds to its scope; None if a route needs the framework, or none fits."""
        request = scope["method"], scope["path"]
        if (known := self._fixed.get(request)) is not None:
            return known
        match, child_scope = self._routes.matches(scope)
        if match is not Match.FULL or not isinstance(getattr(child_scope[_CHOSEN], "app", None), PlainApp):
            return None
        if not child_scope["path_params"]:
            self._fixed[request] = child_scope
        return child_scope


class SurfacesRoute(BaseRoute):
    """The routes of all surfaces, as one route."""

    def __init__(self, surfaces: tuple[Surface, ...]) -> None:
        self._surfaces = surfaces

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a route handles the request; partially if a route handles only other methods at that path.

        HEAD is handled wherever GET is (RFC 9110 §9.3.2).
        """
        if scope["type"] != "http":
            return Match.NONE, {}
        routes = surface_at(self._surfaces, scope["path"]).served.routes
        match, child_scope = _first(routes, scope)
        if match is Match.PARTIAL and scope["method"] == "HEAD":
            return _first(routes, {**scope, "method": "GET"})
        return match, child_scope

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the route that `matches` found."""
        route = scope[_CHOSEN]
        if scope["method"] == "HEAD" and isinstance(route, Route) and "GET" in (route.methods or ()):
            await route.app(scope, receive, _headers_of(send))
        else:
            await route.handle(scope, receive, send)


def _first(routes: Iterable[BaseRoute], scope: Scope) -> tuple[Match, Scope]:
    partial: tuple[Match, Scope] = (Match.NONE, {})
    for route in routes:
        match, child_scope = route.matches(scope)
        if match is Match.FULL:
            return match, {**child_scope, _CHOSEN: route}
        if match is Match.PARTIAL and partial[0] is Match.NONE:
            partial = match, {**child_scope, _CHOSEN: route}
    return partial


def _headers_of(send: Send) -> Send:
    """A `send` that drops the body of the response to GET."""

    async def send_headers(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_headers


def routes_within(surfaces: Iterable[Surface]) -> list[BaseRoute]:
    """Every route of every surface. Loads all surfaces."""
    return [route for surface in surfaces for route in surface.served.routes]
