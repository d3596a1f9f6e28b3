"""Green Button: the resource server (ESPI 4.0), and the validator.

Records in, Atom out; what clients send becomes an action's arguments. Decides nothing and writes nothing.
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
    """The BatchList of a notification (espi.xsd), with these addresses."""
    from mock_server.espi.content import management

    return management.write_batch_list(addresses)
