"""What a surface is: a protocol with its URLs, its routes and the shape of its errors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from fastapi import APIRouter
from starlette.responses import Response
from starlette.routing import BaseRoute

from mock_server.domain.errors import MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.gc_tuning import without_collection
from mock_server.http.middleware.plain_routes import make_plain


class Part(Protocol):
    """A module with routes."""

    router: APIRouter


def routes_of(*parts: Part) -> tuple[BaseRoute, ...]:
    """The routes of all parts, in their order.

    Each route carries its whole path and its guard. A router that includes other routers would build every route a
    second time, and would match each request level by level.
    """
    return tuple(make_plain(route) for part in parts for route in part.router.routes)


@dataclass(frozen=True, kw_only=True)
class Served:
    """The implementation of a surface: its routes, and how it renders errors.

    `redirect_error` answers an error by a redirect; it returns None where the protocol does not redirect that error.
    """

    routes: tuple[BaseRoute, ...]
    render_error: Callable[[RequestContext, MockServerError], Response]
    redirect_error: Callable[[RequestContext, MockServerError], Awaitable[Response | None]] | None = None


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A protocol: the prefixes or suffixes of its paths, and a function that loads its implementation.

    Every path of its routes has one of these, and no surface before it in the list matches that path.
    """

    name: str
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    load: Callable[[], Served]

    @cached_property
    def served(self) -> Served:
        """The implementation, loaded at the first use."""
        with without_collection():
            return self.load()

    def answers_for(self, path: str) -> bool:
        """Whether the path belongs to this surface."""
        return path.startswith(self.prefixes) or path.rstrip("/").endswith(self.suffixes)


def surface_at(surfaces: tuple[Surface, ...], path: str) -> Surface:
    """The first surface that the path belongs to; the last surface takes every other path."""
    return next((surface for surface in surfaces if surface.answers_for(path)), surfaces[-1])
