"""Refusals of the provider: JSON for its relying party's server, a page for a browser."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import InvalidClient, InvalidToken, MissingToken, MockServerError
from mock_server.http import header_fields
from mock_server.http.resource_errors import challenge
from mock_server.http.surface import plain_ascii
from mock_server.ui import problem_page


def render_error(request: Request, error: MockServerError) -> Response:
    """RFC 6749 §5.2 and RFC 6750 §3 for programs."""
    if request.scope["path"].endswith(("/authorize", "/log-out", "/confirmed")):
        return problem_page(request, error)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, InvalidClient):
        headers |= header_fields.challenge("Basic", realm="single sign-on")
    elif isinstance(error, MissingToken | InvalidToken):
        headers |= challenge(request, error)
    body = {"error": error.code, "error_description": plain_ascii(error.message)}
    return JSONResponse(body, status_code=error.status, headers=headers)
