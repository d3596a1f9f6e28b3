"""Routers of the control API: the path, access check and error shape that all its calls share."""

from fastapi import APIRouter, Depends

from mock_server.control.errors import ERROR_RESPONSES
from mock_server.control.guard import check_access, check_text


def calls(prefix: str = "") -> APIRouter:
    """A router for the calls under /_mock and this prefix."""
    return APIRouter(
        prefix=f"/_mock{prefix}",
        tags=["Control"],
        responses=ERROR_RESPONSES,
        dependencies=[Depends(check_access), Depends(check_text)],
    )
