"""What the third party's people see: registration, log-in, dashboard, settings."""

from fastapi import APIRouter

from mock_server.portal import (
    ask,
    authorization,
    dashboard,
    demo,
    downloads,
    log_in,
    register,
    settings,
    settings_changes,
    settings_webhooks,
)
from mock_server.portal.demo import over_the_wire
from mock_server.portal.visit import render_error
from mock_server.surface import Surface

__all__ = ["SURFACE", "over_the_wire"]

router = APIRouter()
for _part in (
    register,
    log_in,
    dashboard,
    ask,
    authorization,
    demo,
    downloads,
    settings,
    settings_changes,
    settings_webhooks,
):
    router.include_router(_part.router)

SURFACE = Surface(
    name="portal",
    router=router,
    prefixes=("/dashboard", "/settings", "/third-party/", "/DataCustodian/thirdparty-demo"),
    render_error=render_error,
)
