"""The ways a client proves who it is at the token endpoint. Each recognises itself; one must."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from mock_server.actions.managing.clients import authenticate, plain_id
from mock_server.core.errors import InvalidClient, InvalidRequest
from mock_server.core.parameters import Parameters
from mock_server.core.records import Client
from mock_server.oauth.client_auth import basic, form, public
from mock_server.oauth.client_auth.credentials import Credentials
from mock_server.sandbox import Sandbox


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method by its registered name (RFC 7591 §2, `token_endpoint_auth_method`)."""

    name: str
    read: Callable[[Request, Parameters], Credentials | None]


METHODS = (
    Method(name="client_secret_basic", read=basic.read),
    Method(name="client_secret_post", read=form.read),
    Method(name="none", read=public.read),
)


FIELDS = ("client_id", "client_secret")


async def authenticated_client(sandbox: Sandbox, request: Request, parameters: Parameters) -> Client:
    """The client that calls. Raises InvalidClient; InvalidRequest for two methods at once (RFC 6749 §2.3)."""
    found = [credentials for method in METHODS if (credentials := method.read(request, parameters))]
    if not found:
        raise InvalidClient(
            "The request does not say which client sends it. Use HTTP Basic with client_id and client_secret, or "
            "send both in the form body."
        )
    if len(found) > 1:
        raise InvalidRequest(
            "The client authenticates in two ways at once. Use HTTP Basic or the body, not both."
        )
    named = parameters.one("client_id")
    if named is not None and plain_id(named) != plain_id(found[0].client_id):
        raise InvalidRequest(
            "The client_id in the parameters is not the one that authenticated. Send only one."
        )
    return await sandbox.run(authenticate, sandbox, found[0].client_id, found[0].secret)
