"""The call that resets the sandbox to its fixtures."""

from mock_server.actions.sandboxes.load import reset
from mock_server.control.calls import calls
from mock_server.http.context import Context

router = calls()


@router.post("/reset", status_code=204)
async def reset_sandbox(context: Context) -> None:
    """Reset the sandbox to its fixtures. Authorizations, tokens, messages and clock changes are lost."""
    sandbox = context.sandbox
    await sandbox.run(reset, sandbox)
