"""Which route answers a request: first the surface by the path, then one of its routes.

A surface is one route to the framework, and nothing of it is imported before a path of it is called: a start imports
and builds what a health check needs, and a test pays for the surfaces that it uses.
"""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from mock_server.surface import Surface, surface_at

_CHOSEN = "mock_server.route"


class SurfaceRoute(BaseRoute):
    """The routes of one of the surfaces, as one route."""

    def __init__(self, surface: Surface, *, among: tuple[Surface, ...]) -> None:
        self._surface = surface
        self._surfaces = among

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a route answers the request; partly, if one does at that path for other methods."""
        if scope["type"] != "http" or surface_at(self._surfaces, scope["path"]) is not self._surface:
            return Match.NONE, {}
        partial: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._surface.served.routes:
            match, told = route.matches(scope)
            if match is Match.FULL:
                return match, {**told, _CHOSEN: route}
            if match is Match.PARTIAL and partial[0] is Match.NONE:
                partial = match, {**told, _CHOSEN: route}
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route answer that was found."""
        await scope[_CHOSEN].handle(scope, receive, send)


def routes_to(surfaces: tuple[Surface, ...]) -> list[BaseRoute]:
    """One route for each surface."""
    return [SurfaceRoute(surface, among=surfaces) for surface in surfaces]


def routes_within(surfaces: Iterable[Surface]) -> list[BaseRoute]:
    """Every route of every surface, which loads them all."""
    return [route for surface in surfaces for route in surface.served.routes]
