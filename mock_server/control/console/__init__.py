"""The console: the control API as pages under /_mock."""

from mock_server.http.surface import Served, Surface, routes_of
from mock_server.urls import CONTROL


def _load() -> Served:
    from mock_server.control.console import (
        accounts,
        clients,
        clock,
        downloads,
        exchanges,
        faults,
        key,
        messages,
        registrations,
        review,
    )
    from mock_server.control.console.frame import render_error

    routes = routes_of(
        key, accounts, clients, registrations, downloads, exchanges, messages, clock, faults, review
    )
    return Served(routes=routes, render_error=render_error)


SURFACE = Surface(
    name="console",
    prefixes=(f"{CONTROL}/console", f"{CONTROL}/registrations"),
    suffixes=(CONTROL,),
    load=_load,
)
