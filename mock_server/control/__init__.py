"""The test author's API: what the outside world cannot do to a real utility. One error shape, one guard."""

from fastapi import APIRouter, Depends

from mock_server.control import (
    authorizations,
    changes,
    clients,
    clock,
    customers,
    exchanges,
    faults,
    health,
    messages,
    metrics,
    payments,
    requests,
    reset,
    review,
    sandboxes,
    snapshots,
    state,
    truth,
    webhooks,
)
from mock_server.control.console import SURFACE as CONSOLE
from mock_server.control.docs.routes import docs_router
from mock_server.control.errors import REFUSALS, render_error
from mock_server.control.guard import check_access, check_text
from mock_server.surface import Surface

router = APIRouter(prefix="/_mock", tags=["Control"], responses=REFUSALS)
router.include_router(health.router)
for _part in (
    clients,
    customers,
    changes,
    reset,
    messages,
    clock,
    authorizations,
    requests,
    payments,
    truth,
    exchanges,
    faults,
    state,
    snapshots,
    sandboxes,
    webhooks,
    metrics,
    review,
):
    router.include_router(_part.router, dependencies=[Depends(check_access), Depends(check_text)])
router.include_router(docs_router(router))

__all__ = ["CONSOLE", "SURFACE"]

SURFACE = Surface(name="control", router=router, prefixes=("/_mock",), render_error=render_error)
