"""Token answers that are not as usual: a dead access token, one that opens something else, none to refresh it."""

import json

from mock_server.actions.sandboxes.faults import corrupt_token, find_client_of
from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.domain.records import FaultEffect
from mock_server.http.context import RequestContext
from mock_server.http.faults.response import Answer


async def corrupt_tokens(effect: FaultEffect, answer: Answer, context: RequestContext) -> Answer:
    """Spoil the tokens of a token answer; any other answer stays as it is."""
    told = answer.json_object()
    if effect.token is None or told is None or not isinstance(told.get("access_token"), str):
        return answer
    if effect.token == "expired":
        await context.sandbox.run(corrupt_token, context.sandbox, told["access_token"])
        return answer
    if effect.token == "no_refresh":
        told.pop("refresh_token", None)
        return answer.with_body(json.dumps(told).encode())
    return answer.with_body(json.dumps({**told, "access_token": await _another(context)}).encode())


async def _another(context: RequestContext) -> str:
    """The client's own token in place of the customer's, as a mixed-up cache would give it; else an unknown one."""
    sandbox = context.sandbox
    client = await sandbox.run(find_client_of, sandbox, context.client_id or "")
    if client is None or client.is_public:
        return sandbox.random.secret()
    issued = await sandbox.run(issue_client_token, sandbox, client, scope=None)
    return issued.access_token
