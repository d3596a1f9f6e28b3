"""The developer's pages under /_mock: what the control API tells and does, for a person at a browser."""

from fastapi import APIRouter, Depends

from mock_server.control.console import (
    accounts,
    clients,
    clock,
    exchanges,
    faults,
    key,
    messages,
    registrations,
    review,
)
from mock_server.control.frame import CONSOLE, check_browser, render_error
from mock_server.surface import Surface

router = APIRouter(include_in_schema=False)
router.include_router(key.router, prefix="/_mock")
for _part in (accounts, clients, registrations, exchanges, messages, clock, faults, review):
    router.include_router(_part.router, prefix="/_mock", dependencies=[Depends(check_browser)])

SURFACE = Surface(
    name="console", router=router, prefixes=(CONSOLE, "/_mock/registrations"), render_error=render_error
)
