"""Corrupts token responses: an expired access token, another token, or no refresh token."""

import json

from mock_server.actions.sandboxes.faults import corrupt_token, find_client_of
from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.domain.records import FaultEffect
from mock_server.http.context import RequestContext
from mock_server.http.faults.response import Answer


async def corrupt_tokens(effect: FaultEffect, answer: Answer, context: RequestContext) -> Answer:
    """Corrupt the tokens of a token response. Any other response stays as it is."""
    body = answer.json_object()
    if effect.token is None or body is None or not isinstance(body.get("access_token"), str):
        return answer
    if effect.token == "expired":
        await context.sandbox.run(context.sandbox.write, corrupt_token, body["access_token"])
        return answer
    if effect.token == "no_refresh":
        body.pop("refresh_token", None)
        return answer.with_body(json.dumps(body).encode())
    return answer.with_body(json.dumps({**body, "access_token": await _another(context)}).encode())


async def _another(context: RequestContext) -> str:
    """A token of the client itself, as a confused cache would return; an unknown one if it has none."""
    sandbox = context.sandbox
    client = await sandbox.run(sandbox.read, find_client_of, context.client_id or "")
    if client is None or client.is_public:
        return sandbox.random.secret()
    issued = await sandbox.run(sandbox.write, issue_client_token, client, scope=None)
    return issued.access_token
