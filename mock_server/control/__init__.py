"""The control API: test authors do here what a real utility allows no third party to do.

The health check is a surface of its own, because it must load nothing else.
"""

from mock_server.control.console import SURFACE as CONSOLE
from mock_server.http.surface import Served, Surface, routes_of

__all__ = ["CONSOLE", "HEALTH", "SURFACE"]


def _load_health() -> Served:
    from mock_server.control import health
    from mock_server.control.errors import render_error

    return Served(routes=routes_of(health), render_error=render_error)


def _load() -> Served:
    from mock_server.control.customers import authorizations, changes, clients, customers, payments, requests
    from mock_server.control.docs.routes import docs_routes
    from mock_server.control.errors import render_error
    from mock_server.control.observation import answer_key, exchanges, messages, metrics, review, webhooks
    from mock_server.control.sandbox import clock, faults, reset, sandboxes, snapshots, state

    routes = routes_of(
        clients,
        customers,
        changes,
        reset,
        messages,
        clock,
        authorizations,
        requests,
        payments,
        answer_key,
        exchanges,
        faults,
        state,
        snapshots,
        sandboxes,
        webhooks,
        metrics,
        review,
    )
    described = docs_routes((*HEALTH.served.routes, *routes))
    return Served(routes=(*routes, *described), render_error=render_error)


HEALTH = Surface(name="control", prefixes=("/_mock/health",), load=_load_health)
SURFACE = Surface(name="control", prefixes=("/_mock",), load=_load)
