"""The endpoint for pushed authorization requests (RFC 9126)."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.actions.connecting.push_request import PUSHED_REQUEST_LIFETIME, push_request
from mock_server.http.context import Context
from mock_server.oauth.call import ClientCall, documented, read_form_call
from mock_server.oauth.errors import NO_STORE
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import utility_forms

router = APIRouter(tags=["OAuth"])

_FIELDS = (
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "prompt",
    "code_challenge",
    "code_challenge_method",
)


async def push(context: Context) -> Response:
    """Store a request for a minute; the browser sends its `request_uri` and client_id to the authorize endpoint."""
    sandbox = context.sandbox
    name = await sandbox.run(sandbox.write, _push, await read_form_call(context))
    body = {"request_uri": name, "expires_in": round(PUSHED_REQUEST_LIFETIME.total_seconds())}
    return JSONResponse(body, status_code=201, headers=NO_STORE)


def _push(sandbox: Sandbox, transaction: Transaction, call: ClientCall) -> str:
    client = call.client_in(sandbox, transaction)
    base = call.context.links.base
    return push_request(sandbox, transaction, client, call.parameters, base=base)


for _path in utility_forms("/par"):
    router.add_api_route(
        _path,
        push,
        methods=["POST"],
        status_code=201,
        summary="Push an authorization request",
        openapi_extra=documented(_FIELDS, answer="The request_uri", status="201"),
    )
