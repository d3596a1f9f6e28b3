"""Errors of the Green Button endpoints. The dialect decides one status."""

from starlette.responses import Response

from mock_server.domain.errors import MissingToken, MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.responses.resource_errors import error_response


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """The envelope; certified clients expect 403 for no token at all, 401 for a bad one (OAD009, OAD013)."""
    dialect = context.sandbox.settings.dialect
    is_forbidden = dialect == "certification" and isinstance(error, MissingToken)
    return error_response(context, error, status=403 if is_forbidden else None)
