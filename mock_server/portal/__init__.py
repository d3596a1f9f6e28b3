"""What the third party's people see: so far the dashboard with their authorizations."""

from mock_server.look import problem_page
from mock_server.portal.dashboard import router
from mock_server.surface import Surface

SURFACE = Surface(name="portal", router=router, prefixes=("/dashboard",), render_error=problem_page)
