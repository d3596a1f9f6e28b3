"""Guesses who sent a request, before it is authenticated: by token, Basic, query or form. Read bytes are replayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import Message, Receive

from mock_server.actions.sandboxes.faults import client_of_token
from mock_server.domain.records import AuthMethod
from mock_server.http.body import LARGEST_BODY
from mock_server.http.faults.target import FaultTarget
from mock_server.journal import basic_user

_FORM = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The client that a request names, how it names it, and a `receive` that still has the whole body."""

    client_id: str | None
    client_auth: AuthMethod | None
    receive: Receive


async def caller_of(target: FaultTarget) -> Caller:
    """The caller that the request names."""
    headers, sandbox = dict(target.scope["headers"]), target.sandbox
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = authorization.partition(" ")
    if scheme.casefold() == "bearer":
        found = await sandbox.run(sandbox.read, client_of_token, token.strip())
        return Caller(client_id=found, client_auth=None, receive=target.receive)
    named = basic_user(authorization)
    if named is not None:
        return Caller(client_id=named, client_auth="client_secret_basic", receive=target.receive)
    parameters, receive = parse_qs(target.scope["query_string"].decode("latin-1")), target.receive
    if headers.get(b"content-type", b"").startswith(_FORM):
        body, receive = await _read_ahead(receive)
        parameters = {**parameters, **parse_qs(body.decode("latin-1"))}
    client_id = _first(parameters, "client_id")
    return Caller(client_id=client_id, client_auth=_how(client_id, parameters), receive=receive)


def _how(client_id: str | None, parameters: Mapping[str, list[str]]) -> AuthMethod | None:
    if "client_assertion" in parameters:
        return "private_key_jwt"
    if client_id is None:
        return None
    return "client_secret_post" if "client_secret" in parameters else "none"


def _first(parameters: Mapping[str, list[str]], name: str) -> str | None:
    return parameters.get(name, [None])[0]


async def _read_ahead(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a `receive` that replays it."""
    messages: list[Message] = []
    body = b""
    while len(body) <= LARGEST_BODY:
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    pending = iter(messages)

    async def again() -> Message:
        return next(pending, None) or await receive()

    return body, again
