"""JSON API v2: the same authorizations, meters and readings as Green Button, as JSON (utilityapi.md §6).

Its words are used here and nowhere else. Decides nothing about authorizations.
"""

from fastapi import APIRouter

from mock_server.api.answers import REFUSALS
from mock_server.api.endpoints import (
    accounting,
    authorizations,
    bills,
    collecting,
    events,
    files,
    forms,
    intervals,
    meters,
    utilities,
)
from mock_server.refusal import refusal
from mock_server.surface import Surface

# Generated clients name their calls after the functions.
router = APIRouter(
    tags=["JSON API"], responses=REFUSALS, generate_unique_id_function=lambda route: route.name
)
for part in (forms, authorizations, collecting, meters, bills, intervals, accounting, files, events):
    router.include_router(part.router, prefix="/api/v2")
router.include_router(utilities.router, prefix="/api/experimental")

SURFACE = Surface(name="api", router=router, prefixes=("/api/",), render_error=refusal)
