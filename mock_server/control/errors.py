"""Renders errors of the control API: a code, a sentence and the request id."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import MissingToken, MockServerError
from mock_server.http.context import RequestContext
from mock_server.http.responses.header_fields import challenge, redirect

_ALSO_PAGES = {f"/_mock/{name}" for name in ("review", "exchanges.har", "exchanges.curl", "exchanges.py")}


class Problem(BaseModel):
    """The shape of every error."""

    error: str = Field(description="A stable code, such as invalid_param.")
    error_description: str = Field(description="A sentence that says what to change.")
    request_id: str


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {  # OpenAPI's own shape
    "4XX": {"model": Problem, "description": "An error; its description says what to change"}
}


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """The error as JSON. A browser without the token is redirected, where the console has the same page."""
    path = context.path
    wants_page = context.method == "GET" and "text/html" in context.headers.get("accept", "")
    if isinstance(error, MissingToken) and wants_page and path in _ALSO_PAGES:
        return redirect(context.links.page("_mock", "console", path.rpartition("/")[2]), status=303)
    headers = challenge("Bearer") if error.status == 401 else None
    problem = Problem(error=error.code, error_description=error.message, request_id=context.request_id)
    return JSONResponse(problem.model_dump(), status_code=error.status, headers=headers)
