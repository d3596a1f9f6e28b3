"""Turns what the framework raises into errors of the domain, and renders every error in its surface's shape."""

from collections.abc import Callable

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from mock_server.domain.errors import (
    InvalidParameter,
    InvalidRequest,
    MethodNotAllowed,
    MockServerError,
    NotFound,
    TimedOut,
    TooLarge,
    TooManyRequests,
)
from mock_server.domain.text.expectations import expectation, place_of
from mock_server.http.body import encoded_body_error
from mock_server.http.context import RequestContext
from mock_server.http.responses.suggestions import suggestion
from mock_server.http.surface import Surface, surface_at

EXPECTED: tuple[type[Exception], ...] = (MockServerError, HTTPException, RequestValidationError)
"""The exceptions that say what a client did wrong; any other one is a bug."""

KINDS = (*EXPECTED, Exception)
"""The exceptions that the framework hands to `render_error`."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_BY_STATUS = {400: InvalidRequest, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


async def render_error(surfaces: tuple[Surface, ...], context: RequestContext, error: Exception) -> Response:
    """Any exception as a response in the shape of the surface whose address was called."""
    surface = surface_at(surfaces, context.path)
    meaning = _meaning(context, error)
    context.error_code = meaning.code
    response = surface.served.render_error(context, meaning)
    response.headers["X-Request-Id"] = context.request_id
    if isinstance(meaning, TimedOut):
        response.headers["Connection"] = "close"  # the rest of the body may still come
    if isinstance(meaning, TooManyRequests):
        response.headers["Retry-After"] = str(meaning.retry_after)
    if response.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed_methods(context.request))
    return response


def _allowed_methods(request: Request) -> list[str]:
    """The methods that some route handles at the request's path; the framework names those of one route only."""
    routes = request.app.router.routes
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method in _METHODS
        if any(route.matches(scopes[method])[0] is Match.FULL for route in routes)
    ]


def _meaning(context: RequestContext, error: Exception) -> MockServerError:
    """The error of the domain that an exception means."""
    if isinstance(error, MockServerError):
        return error
    if isinstance(error.__cause__, MockServerError):  # raised while the framework read the body
        return error.__cause__
    is_unreadable = isinstance(error, RequestValidationError) or getattr(error, "status_code", 0) == 400
    if is_unreadable and (encoded := encoded_body_error(context)) is not None:
        return encoded
    if isinstance(error, RequestValidationError):
        return _invalid_parameter(context, error)
    if isinstance(error, HTTPException):
        return _http_error(context, error)
    return MockServerError("Something went wrong on our side; the server's log has the details.")


def _http_error(context: RequestContext, error: HTTPException) -> MockServerError:
    path = context.path[:200]
    sentences: dict[int, Callable[[], str]] = {
        400: lambda: "The body cannot be read. Send one JSON value in UTF-8, not too deep.",
        404: lambda: f"There is nothing at {path}. {suggestion(path)}",
        405: lambda: f"{context.method} is not possible at {path}. The Allow header says what is.",
    }
    sentence = sentences.get(error.status_code, lambda: str(error.detail))
    return _BY_STATUS.get(error.status_code, InvalidRequest)(sentence())


def _invalid_parameter(context: RequestContext, error: RequestValidationError) -> MockServerError:
    first = error.errors()[0]
    media_type = context.headers.get("content-type", "")
    if first["type"] == "model_attributes_type" and first["loc"] == ("body",) and "json" not in media_type:
        return InvalidParameter(
            f"The body is not sent as JSON but as {media_type[:80] or 'nothing'}. Send Content-Type: application/json."
        )
    if first["type"] == "json_invalid":
        return InvalidParameter(f"The body cannot be used: {expectation(first)}.")
    place = place_of(first, but=("query", "path", "body"))
    return InvalidParameter(f"The parameter {place or 'body'} cannot be used: {expectation(first)}.")
