"""Back to the fixtures."""

from fastapi import APIRouter
from starlette.requests import Request

from mock_server.actions.world.load import reset
from mock_server.surface import sandbox_of

router = APIRouter()


@router.post("/reset", status_code=204)
async def reset_sandbox(request: Request) -> None:
    """Forget everything since the first start: authorizations, tokens, messages, the clock."""
    sandbox = sandbox_of(request)
    await sandbox.run(reset, sandbox)
