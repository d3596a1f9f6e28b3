"""Green Button: the resource server (ESPI 4.0), and the validator.

Renders records as Atom, and parses what clients send into arguments of actions. Makes no decisions, writes nothing.
"""

from collections.abc import Iterable

from mock_server.http.surface import Served, Surface

__all__ = ["SURFACE", "write_batch_list"]


def _load() -> Served:
    from mock_server.espi.errors import render_error
    from mock_server.espi.routes.all_routes import ROUTES

    return Served(routes=ROUTES, render_error=render_error)


SURFACE = Surface(name="espi", prefixes=("/DataCustodian/espi/",), load=_load)


def write_batch_list(addresses: Iterable[str]) -> bytes:
    """A notification's body: a BatchList of these URLs (espi.xsd)."""
    from mock_server.espi.content import management

    return management.write_batch_list(addresses)
