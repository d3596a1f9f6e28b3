"""Every address of Green Button, in the order in which they are tried; HEAD wherever there is GET."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from mock_server.espi import agreements, bulk, closed, resources, routes
from mock_server.surface import routes_of


def _answer_head(router: APIRouter) -> None:
    """Answer HEAD wherever it answers GET (RFC 9110 §9.3.2)."""
    for route in list(router.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            path = route.path.removeprefix(router.prefix)
            router.add_api_route(path, route.endpoint, methods=["HEAD"], include_in_schema=False)


for _part in (agreements, bulk, routes, resources, closed):
    _answer_head(_part.router)

ROUTES = routes_of(agreements, bulk, routes, resources, closed)
