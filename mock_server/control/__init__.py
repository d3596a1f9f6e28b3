"""The test author's API: what the outside world cannot do to a real utility. One error shape, one guard."""

from mock_server.control import (
    authorizations,
    changes,
    clients,
    clock,
    customers,
    exchanges,
    faults,
    health,
    messages,
    metrics,
    payments,
    requests,
    reset,
    review,
    sandboxes,
    snapshots,
    state,
    truth,
    webhooks,
)
from mock_server.control.console import SURFACE as CONSOLE
from mock_server.control.docs.routes import docs_routes
from mock_server.control.errors import render_error
from mock_server.surface import Surface, routes_of

_ROUTES = routes_of(
    health,
    clients,
    customers,
    changes,
    reset,
    messages,
    clock,
    authorizations,
    requests,
    payments,
    truth,
    exchanges,
    faults,
    state,
    snapshots,
    sandboxes,
    webhooks,
    metrics,
    review,
)

__all__ = ["CONSOLE", "SURFACE"]

SURFACE = Surface(
    name="control", routes=(*_ROUTES, *docs_routes(_ROUTES)), prefixes=("/_mock",), render_error=render_error
)
