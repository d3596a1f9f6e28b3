"""Back to the fixtures."""

from starlette.requests import Request

from mock_server.actions.sandboxes.load import reset
from mock_server.control.calls import calls
from mock_server.http.surface import sandbox_of

router = calls()


@router.post("/reset", status_code=204)
async def reset_sandbox(request: Request) -> None:
    """Forget everything since the first start: authorizations, tokens, messages, the clock."""
    sandbox = sandbox_of(request)
    await sandbox.run(reset, sandbox)
