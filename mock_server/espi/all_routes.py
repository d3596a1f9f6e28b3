"""Every address of Green Button, in the order in which they are tried."""

from mock_server.espi import agreements, bulk, closed, resources, routes
from mock_server.surface import routes_of

ROUTES = routes_of(agreements, bulk, routes, resources, closed)
