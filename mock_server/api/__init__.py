"""JSON API v2: the same authorizations, meters and readings as Green Button, as JSON (utilityapi.md §6).

Its words are used here and nowhere else. Decides nothing about authorizations.
"""

from fastapi import APIRouter

from mock_server.api import accounting, authorizations, bills, intervals, meters
from mock_server.refusal import refusal
from mock_server.surface import Surface

router = APIRouter(prefix="/api/v2", tags=["JSON API"])
for part in (authorizations, meters, bills, intervals, accounting):
    router.include_router(part.router)

SURFACE = Surface(name="api", router=router, prefixes=("/api/",), render_error=refusal)
