"""Refusals of the control API: a code and a sentence."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.core.errors import MockServerError
from mock_server.surface import request_id_of


class Problem(BaseModel):
    """The one shape of all refusals."""

    error: str = Field(description="A stable code, such as invalid_param.")
    error_description: str = Field(description="A sentence that says what to change.")
    request_id: str


REFUSALS: dict[int | str, dict[str, Any]] = {  # OpenAPI's own shape
    "4XX": {"model": Problem, "description": "Refused; the sentence says what to change"}
}


def render_error(request: Request, error: MockServerError) -> Response:
    """One shape for all of them."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    told = Problem(error=error.code, error_description=error.message, request_id=request_id_of(request))
    return JSONResponse(told.model_dump(), status_code=error.status, headers=headers)
