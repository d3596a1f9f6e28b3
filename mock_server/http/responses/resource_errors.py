"""Errors of the two resource servers: one JSON envelope, with a Bearer challenge if the token is the problem.

The envelope is utilityapi.md §8, the challenge RFC 6750 §3.
"""

from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import InsufficientScope, InvalidToken, MissingToken, MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.responses import header_fields


def error_response(context: RequestContext, error: MockServerError, *, status: int | None = None) -> Response:
    """The error's code, a sentence for the developer, the page that explains it, and the request's id."""
    status = error.status if status is None else status
    body = {
        "error": error.code,
        "error_description": error.message,
        "url": context.links.error_help(error.code),
        "status_code": status,
        "request_id": context.request_id,
    }
    return JSONResponse(body, status_code=status, headers=challenge(context, error))


def challenge(context: RequestContext, error: MockServerError) -> dict[str, str]:
    """The header of RFC 6750 §3; for a request without any token it names no error code (§3.1)."""
    if not isinstance(error, MissingToken | InvalidToken | InsufficientScope):
        return {}
    realm = context.sandbox.fixtures.utility.id
    if isinstance(error, MissingToken):
        return header_fields.challenge("Bearer", realm=realm)
    about = {"error": error.code, "error_description": error.message}
    return header_fields.challenge("Bearer", realm=realm, **about)
