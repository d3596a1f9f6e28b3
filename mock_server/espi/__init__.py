"""Green Button: the resource server that a third party reads with its tokens (ESPI 4.0).

Records in, Atom out; what clients send becomes an action's arguments. Decides nothing and writes nothing.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from mock_server.espi import agreements, bulk, closed, resources, routes
from mock_server.espi.errors import render_error
from mock_server.espi.management import write_batch_list
from mock_server.surface import Surface, routes_of


def _answer_head(router: APIRouter) -> None:
    """Answer HEAD wherever it answers GET (RFC 9110 §9.3.2)."""
    for route in list(router.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            path = route.path.removeprefix(router.prefix)
            router.add_api_route(path, route.endpoint, methods=["HEAD"], include_in_schema=False)


for _part in (agreements, bulk, routes, resources, closed):
    _answer_head(_part.router)

__all__ = ["SURFACE", "write_batch_list"]

SURFACE = Surface(
    name="espi",
    routes=routes_of(agreements, bulk, routes, resources, closed),
    prefixes=("/DataCustodian/espi/",),
    render_error=render_error,
)
