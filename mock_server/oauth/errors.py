"""Errors of the token endpoint as JSON (RFC 6749 §5.2)."""

from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import (
    InsufficientScope,
    InvalidClient,
    InvalidToken,
    MissingToken,
    MockServerError,
)
from mock_server.http.context import RequestContext
from mock_server.http.responses import header_fields
from mock_server.http.responses.header_fields import plain_ascii
from mock_server.http.responses.resource_errors import challenge

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """`error`, `error_description` for the developer, and `error_uri`, a page that explains the error."""
    headers = dict(NO_STORE)
    if isinstance(error, MissingToken | InvalidToken | InsufficientScope):
        headers |= challenge(context, error)
    if isinstance(error, InvalidClient):
        realm = context.sandbox.fixtures.utility.id
        headers |= header_fields.challenge("Basic", realm=realm, charset="UTF-8")
    body = {
        "error": error.code,
        "error_description": plain_ascii(error.message),
        "error_uri": context.links.error_help(error.code),
    }
    return JSONResponse(body, status_code=error.status, headers=headers)
