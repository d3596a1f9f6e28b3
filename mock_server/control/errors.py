"""Refusals of the control API: a code and a sentence."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.core.errors import MockServerError
from mock_server.surface import request_id_of


def render_error(request: Request, error: MockServerError) -> Response:
    """One shape for all of them."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    body = {"error": error.code, "error_description": error.message, "request_id": request_id_of(request)}
    return JSONResponse(body, status_code=error.status, headers=headers)
