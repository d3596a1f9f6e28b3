"""JSON API v2: authorizations, meters and readings as JSON (utilityapi.md §6).

Its words are used here and nowhere else. Decides nothing about authorizations.
"""

from mock_server.http.surface import Served, Surface, routes_of


def _load() -> Served:
    from mock_server.api.endpoints import (
        accounting,
        authorizations,
        bills,
        collecting,
        events,
        files,
        forms,
        intervals,
        meters,
        utilities,
    )
    from mock_server.http.responses.resource_errors import error_response

    routes = routes_of(
        forms, authorizations, collecting, meters, bills, intervals, accounting, files, events, utilities
    )
    return Served(routes=routes, render_error=error_response)


SURFACE = Surface(name="api", prefixes=("/api/",), load=_load)
