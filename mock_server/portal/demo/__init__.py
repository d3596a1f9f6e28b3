"""The demo client: a third party that calls this server over HTTP and displays every request and response.

It uses only the utility's public URLs. From this program it takes the page templates, the test customers and clients
that the home page lists, and the store of its runs.
"""

from mock_server.portal.demo.routes import router
from mock_server.portal.demo.transport import over_the_wire

__all__ = ["over_the_wire", "router"]
