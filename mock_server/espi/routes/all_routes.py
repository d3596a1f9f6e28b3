"""All Green Button routes, in matching order."""

from mock_server.espi.routes import agreements, batches, bulk, forbidden_routes, resources
from mock_server.http.surface import routes_of

ROUTES = routes_of(agreements, bulk, batches, resources, forbidden_routes)
