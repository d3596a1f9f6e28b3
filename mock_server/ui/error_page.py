"""Errors as a page: a sentence for the customer, and details for the client's developer."""

from starlette.responses import Response

from mock_server.domain.errors import MockServerError
from mock_server.http.context import RequestContext
from mock_server.ui.pages import page

_TITLES = {
    401: "This app is not registered",
    403: "Not allowed",
    404: "Page not found",
    405: "Method not allowed",
    409: "You have already completed this step",
    408: "Timed out",
    413: "Request too large",
    429: "Too many attempts",
    431: "Headers too large",
    500: "Something went wrong",
}
# Errors that a client did not cause.
_NOT_ABOUT_CLIENTS = {
    "conflict",
    "forbidden",
    "method_not_allowed",
    "not_found",
    "server_error",
    "temporarily_unavailable",
    "too_large",
    "too_many_requests",
}


def problem_page(
    context: RequestContext, error: MockServerError, *, is_for_customers: bool = True
) -> Response:
    """The error as a page, never a redirect. Pages for developers display the error's own message."""
    about_client = is_for_customers and error.code not in _NOT_ABOUT_CLIENTS
    links = context.links
    return page(
        context,
        "ui/problem.html",
        status=error.status,
        title=_TITLES.get(error.status, "This request failed"),
        message=_to_customer() if about_client else error.message,
        code=error.code,
        for_developers=[error.message] if about_client else [],
        help_url=links.page("errors", error.code) if about_client else None,
        home_url=links.page(),
        request_id=context.request_id,
    )


def _to_customer() -> str:
    return (
        "The company that sent you here made an invalid request. Nothing was shared. Go back and try again, or "
        "contact the company and quote this page."
    )
