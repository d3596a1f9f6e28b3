"""Routers of the control API: one path, one guard, one error shape."""

from fastapi import APIRouter, Depends

from mock_server.control.errors import ERROR_RESPONSES
from mock_server.control.guard import check_access, check_text


def calls(prefix: str = "") -> APIRouter:
    """A router for calls at and below a path within /_mock."""
    return APIRouter(
        prefix=f"/_mock{prefix}",
        tags=["Control"],
        responses=ERROR_RESPONSES,
        dependencies=[Depends(check_access), Depends(check_text)],
    )
