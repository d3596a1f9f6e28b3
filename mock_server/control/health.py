"""Whether the server is ready: answers always, whoever asks."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from mock_server import __version__
from mock_server.surface import sandbox_of

router = APIRouter()


class Health(BaseModel):
    """The server is up and its database answers."""

    status: Literal["ok"]
    utility: str
    sandbox: str
    version: str


@router.get("/health")
async def health(request: Request) -> Health:
    """Ready."""
    sandbox = sandbox_of(request)
    await sandbox.run(sandbox.clock.now)
    return Health(status="ok", utility=sandbox.fixtures.utility.id, sandbox=sandbox.name, version=__version__)
