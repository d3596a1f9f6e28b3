"""Refusals of the token endpoint as JSON (RFC 6749 §5.2)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import (
    InsufficientScope,
    InvalidClient,
    InvalidToken,
    MissingToken,
    MockServerError,
)
from mock_server.http import header_fields
from mock_server.http.resource_errors import challenge
from mock_server.http.surface import links_of, plain_ascii, sandbox_of

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def render_error(request: Request, error: MockServerError) -> Response:
    """`error`, a sentence for the developer, and the page that explains the error."""
    headers = dict(NO_STORE)
    if isinstance(error, MissingToken | InvalidToken | InsufficientScope):
        headers |= challenge(request, error)
    if isinstance(error, InvalidClient):
        realm = sandbox_of(request).fixtures.utility.id
        headers |= header_fields.challenge("Basic", realm=realm, charset="UTF-8")
    body = {
        "error": error.code,
        "error_description": plain_ascii(error.message),
        "error_uri": links_of(request).error_help(error.code),
    }
    return JSONResponse(body, status_code=error.status, headers=headers)
