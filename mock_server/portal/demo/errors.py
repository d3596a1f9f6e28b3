"""Errors of the demo, as pages that explain why a client rejects such a response."""

from starlette.responses import Response

from mock_server.domain.errors import MockServerError
from mock_server.http.context import RequestContext
from mock_server.portal.visit import portal_page

_TITLES = {
    400: "The demo rejected this response",
    403: "This belongs to another browser",
    404: "The demo has no such run",
}


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """A page with the error, the reason for it, and a link to start again."""
    return portal_page(
        context,
        None,
        "portal/demo_refused.html",
        status=error.status,
        title=_TITLES.get(error.status, "This request failed"),
        message=error.message,
        again_url=context.links.demo(),
    )
