"""Token answers that are not as usual: a dead access token, one that opens something else, none to refresh it."""

import json

from starlette.types import Scope

from mock_server.actions.sandboxes.faults import corrupt_token, find_client_of
from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.domain.records import FaultEffect
from mock_server.http.faults.response import Answer
from mock_server.http.surface import CLIENT_ID
from mock_server.sandbox import Sandbox


async def corrupt_tokens(effect: FaultEffect, answer: Answer, scope: Scope, sandbox: Sandbox) -> Answer:
    """Spoil the tokens of a token answer; any other answer stays as it is."""
    told = answer.json_object()
    if effect.token is None or told is None or not isinstance(told.get("access_token"), str):
        return answer
    if effect.token == "expired":
        await sandbox.run(corrupt_token, sandbox, told["access_token"])
        return answer
    if effect.token == "no_refresh":
        told.pop("refresh_token", None)
        return answer.with_body(json.dumps(told).encode())
    return answer.with_body(json.dumps({**told, "access_token": await _another(scope, sandbox)}).encode())


async def _another(scope: Scope, sandbox: Sandbox) -> str:
    """The client's own token in place of the customer's, as a mixed-up cache would give it; else an unknown one."""
    client = await sandbox.run(find_client_of, sandbox, str(scope.get(CLIENT_ID, "")))
    if client is None or client.is_public:
        return sandbox.random.secret()
    issued = await sandbox.run(issue_client_token, sandbox, client, scope=None)
    return issued.access_token
