"""Who calls the JSON API, and which authorizations that lets them see."""

from starlette.requests import Request

from mock_server.actions.check_token import Caller, check_token
from mock_server.core.records import Authorization, TokenClass
from mock_server.sandbox import Sandbox
from mock_server.surface import bearer_token, note_client, query_of, sandbox_of

_READERS: tuple[TokenClass, ...] = ("api", "access")


async def api_caller(request: Request, *, allowed: tuple[TokenClass, ...] = _READERS) -> Caller:
    """By the bearer token, else by the `access_token` parameter. Raises what `check_token` raises."""
    token = None
    if not request.headers.get("authorization"):
        token = query_of(request).one("access_token")
    sandbox = sandbox_of(request)
    caller = await sandbox.run(check_token, sandbox, token or bearer_token(request), allowed=allowed)
    note_client(request, caller.client_id)
    return caller


def visible_authorizations(sandbox: Sandbox, caller: Caller) -> list[Authorization]:
    """The customers' authorizations that the token shows, newest first."""
    with sandbox.store.reading() as rows:
        found = rows.authorizations.list(client_id=caller.client_id, kind="customer")
    readable = [authorization for authorization in found if caller.may_read(authorization)]
    return sorted(readable, key=lambda authorization: int(authorization.uid), reverse=True)
