"""How the Green Button endpoints refuse. The dialect decides one status."""

from starlette.requests import Request
from starlette.responses import Response

from mock_server.domain.errors import MissingToken, MockServerError
from mock_server.http.resource_errors import error_response
from mock_server.http.surface import sandbox_of


def render_error(request: Request, error: MockServerError) -> Response:
    """The envelope; certified clients expect 403 for no token at all, 401 for a bad one (OAD009, OAD013)."""
    dialect = sandbox_of(request).settings.dialect
    is_forbidden = dialect == "certification" and isinstance(error, MissingToken)
    return error_response(request, error, status=403 if is_forbidden else None)
