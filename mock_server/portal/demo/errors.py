"""Errors of the demo: why a client rejects a response that is not its own."""

from starlette.responses import Response

from mock_server.domain.errors import MockServerError
from mock_server.http.context import RequestContext
from mock_server.portal.visit import portal_page

_TITLES = {
    400: "The demo does not take this answer",
    403: "This belongs to another browser",
    404: "The demo does not know this request",
}


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """What was refused, why a client does so, and the way back to the beginning."""
    return portal_page(
        context,
        None,
        "portal/demo_refused.html",
        status=error.status,
        title=_TITLES.get(error.status, "This did not work"),
        message=error.message,
        again_url=context.links.demo(),
    )
