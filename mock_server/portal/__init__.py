"""What the third party's people see: registration, log-in, dashboard, settings."""

from fastapi import APIRouter

from mock_server.portal import (
    ask,
    authorization,
    dashboard,
    downloads,
    log_in,
    register,
    settings,
    settings_changes,
    settings_webhooks,
)
from mock_server.portal.visit import render_error
from mock_server.surface import Surface

router = APIRouter()
for _part in (
    register,
    log_in,
    dashboard,
    ask,
    authorization,
    downloads,
    settings,
    settings_changes,
    settings_webhooks,
):
    router.include_router(_part.router)

SURFACE = Surface(
    name="portal",
    router=router,
    prefixes=("/dashboard", "/settings", "/third-party/"),
    render_error=render_error,
)
