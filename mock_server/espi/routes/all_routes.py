"""Every address of Green Button, in the order in which they are tried."""

from mock_server.espi.routes import agreements, batches, bulk, forbidden_routes, resources
from mock_server.http.surface import routes_of

ROUTES = routes_of(agreements, bulk, batches, resources, forbidden_routes)
