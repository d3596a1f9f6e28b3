"""Every operation of the server, read from its routes, so that a new one joins by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from fastapi.routing import APIRoute

from mock_server.app import SURFACES
from mock_server.http.middleware.dispatch import routes_within
from mock_server.http.surface import surface_at

DOCUMENT = "/openapi.json"  # the one address that belongs to no surface


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A method at an address, as a route has it; the document's address has no route of a surface."""

    method: str
    path: str
    route: APIRoute | None

    @property
    def label(self) -> str:
        """As schemathesis names it."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its path parameters."""
        return tuple(self.route.param_convertors) if self.route else ()

    @cached_property
    def surface(self) -> str:
        """The name of the surface that answers."""
        return surface_at(SURFACES, self.path).name

    @property
    def handler(self) -> str:
        """The module and name of the function that answers."""
        return f"{self.route.endpoint.__module__}.{self.route.endpoint.__name__}" if self.route else ""

    def values_in(self, path: str) -> dict[str, str] | None:
        """The path parameters of a concrete path, or None if it is another operation's."""
        found = self.route.path_regex.match(unquote(path)) if self.route else None
        return found.groupdict() if found else None


def operations() -> list[Operation]:
    """All of them, in the order of the routes."""
    routes = [one for one in routes_within(SURFACES) if isinstance(one, APIRoute)]
    found = [
        Operation(method=method, path=route.path_format, route=route)
        for route in routes
        for method in sorted(route.methods or ())
    ]
    return [*found, Operation(method="GET", path=DOCUMENT, route=None)]


def answering(known: Iterable[Operation], method: str, address: str) -> Operation | None:
    """The operation that answers a method at an address: the first whose pattern fits, as in the server."""
    path = urlsplit(address).path
    at = surface_at(SURFACES, unquote(path)).name
    fitting = (one for one in known if (one.method, one.surface) == (method, at))
    return next((one for one in fitting if one.values_in(path) is not None), None)
