"""The developer's pages under /_mock: what the control API tells and does, for a person at a browser."""

from mock_server.control.console import (
    accounts,
    clients,
    clock,
    exchanges,
    faults,
    key,
    messages,
    registrations,
    review,
)
from mock_server.control.frame import CONSOLE, render_error
from mock_server.surface import Surface, routes_of

_ROUTES = routes_of(key, accounts, clients, registrations, exchanges, messages, clock, faults, review)

SURFACE = Surface(
    name="console", routes=_ROUTES, prefixes=(CONSOLE, "/_mock/registrations"), render_error=render_error
)
