"""The demo client: a third party outside the server that shows every request and response.

It knows the utility by its public URLs only, over HTTP. Of this program it uses the page templates, the customers
and clients that the first page tells everybody, and a drawer for what it has to remember between two requests.
"""

from mock_server.portal.demo.routes import router
from mock_server.portal.demo.transport import over_the_wire

__all__ = ["over_the_wire", "router"]
