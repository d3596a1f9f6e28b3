"""Errors of the provider: JSON for its relying party, a page for a browser."""

from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import InvalidClient, InvalidToken, MissingToken, MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.responses import header_fields
from mock_server.http.responses.header_fields import plain_ascii
from mock_server.http.responses.resource_errors import challenge
from mock_server.ui import problem_page


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """A page at URLs that browsers open; else JSON (RFC 6749 §5.2, RFC 6750 §3)."""
    if context.path.endswith(("/authorize", "/log-out", "/confirmed")):
        return problem_page(context, error)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, InvalidClient):
        headers |= header_fields.challenge("Basic", realm="single sign-on")
    elif isinstance(error, MissingToken | InvalidToken):
        headers |= challenge(context, error)
    body = {"error": error.code, "error_description": plain_ascii(error.message)}
    return JSONResponse(body, status_code=error.status, headers=headers)
