"""Renders errors of the Green Button endpoints. One status depends on the dialect."""

from starlette.responses import Response

from mock_server.domain.errors import MissingToken, MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.responses.resource_errors import error_response


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """The error envelope. Certification expects 403 without a token, 401 for an invalid one (OAD009, OAD013)."""
    dialect = context.sandbox.settings.dialect
    is_forbidden = dialect == "certification" and isinstance(error, MissingToken)
    return error_response(context, error, status=403 if is_forbidden else None)
