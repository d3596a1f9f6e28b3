"""The sandboxes of the server: listed and ended. They are made by using them."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from mock_server.sandboxes import Sandboxes
from mock_server.surface import SANDBOXES, sandbox_of

router = APIRouter(prefix="/sandboxes")


class SandboxShape(BaseModel):
    """A sandbox. `used` is when it was used last, to the hour, by the machine's clock."""

    name: str
    used: datetime


class SandboxList(BaseModel):
    """Sandboxes by name."""

    sandboxes: list[SandboxShape]


@router.get("")
async def read_sandboxes(request: Request) -> SandboxList:
    """Every sandbox of this server. Unused ones end after a day."""
    sandboxes = _sandboxes_of(request)
    states = await sandbox_of(request).run(sandboxes.states)
    return SandboxList(
        sandboxes=[SandboxShape(name=name, used=state.used) for name, state in sorted(states.items())]
    )


@router.delete("/{name}", status_code=204)
async def end_one(request: Request, name: str) -> None:
    """Forget a sandbox and all that it holds."""
    await sandbox_of(request).run(_sandboxes_of(request).end, name)


def _sandboxes_of(request: Request) -> Sandboxes:
    found = request.scope[SANDBOXES]
    assert isinstance(found, Sandboxes)
    return found
