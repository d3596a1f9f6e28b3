"""The health checks, liveness and readiness. They require no token."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from mock_server import __version__
from mock_server.control.errors import ERROR_RESPONSES
from mock_server.http.context import Context

router = APIRouter(prefix="/_mock", tags=["Control"], responses=ERROR_RESPONSES)


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Health(Alive):
    """The server is up and its database answers."""

    utility: str
    sandbox: str


@router.get("/health", responses={503: {"description": "The database does not answer."}})
async def health(context: Context) -> Health:
    """Readiness probe; 503 while the database does not answer."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.store.check)
    return Health(status="ok", utility=sandbox.fixtures.utility.id, sandbox=sandbox.name, version=__version__)


@router.get("/health/live")
async def live() -> Alive:
    """Liveness probe; ignores the database."""
    return Alive(status="ok", version=__version__)
