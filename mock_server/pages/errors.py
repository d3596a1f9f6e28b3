"""Errors of the customer's pages: a page, or JSON for a program."""

from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import MethodNotAllowed, MockServerError, NotFound
from mock_server.http.context import RequestContext
from mock_server.ui import problem_page


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """A page for browsers, JSON for programs. This surface also gets the calls to unknown paths of all APIs."""
    is_page = context.method in ("GET", "HEAD") or "text/html" in context.headers.get("accept", "")
    if is_page or not isinstance(error, NotFound | MethodNotAllowed):
        return problem_page(context, error)
    body = {"error": error.code, "error_description": error.message}
    return JSONResponse(body, status_code=error.status)
