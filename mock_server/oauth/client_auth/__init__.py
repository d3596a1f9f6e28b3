"""Client authentication methods at the token endpoint, one per file. Exactly one must match."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mock_server.actions.clients.find_client import authenticate, plain_id
from mock_server.domain.errors import InvalidClient, InvalidRequest
from mock_server.domain.records import AuthMethod, Client
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.oauth.client_auth import basic, form, private_key_jwt, public
from mock_server.oauth.client_auth.credentials import Credentials


@dataclass(frozen=True, kw_only=True)
class Method:
    """An authentication method: `read` finds its credentials in a request, `prove` checks them.

    `name` is its registered name (RFC 7591 §2).
    """

    name: AuthMethod
    read: Callable[[RequestContext, Parameters], Credentials | None]
    prove: Callable[[RequestContext, Credentials], Awaitable[Client]]


async def _by_secret(context: RequestContext, credentials: Credentials) -> Client:
    sandbox = context.sandbox
    return await sandbox.run(authenticate, sandbox, credentials.client_id, credentials.secret)


METHODS = (
    Method(name="client_secret_basic", read=basic.read, prove=_by_secret),
    Method(name="client_secret_post", read=form.read, prove=_by_secret),
    Method(name="private_key_jwt", read=private_key_jwt.read, prove=private_key_jwt.prove),
    Method(name="none", read=public.read, prove=_by_secret),
)
FIELDS = ("client_id", "client_secret", "client_assertion_type", "client_assertion")


async def authenticated_client(context: RequestContext, parameters: Parameters) -> Client:
    """The authenticated client. Raises InvalidClient; InvalidRequest for two methods at once (RFC 6749 §2.3)."""
    found = [(method, credentials) for method in METHODS if (credentials := method.read(context, parameters))]
    if not found:
        raise InvalidClient(
            "The request has no client authentication. Use HTTP Basic with client_id and client_secret, or send both "
            "in the form body."
        )
    if len(found) > 1:
        raise InvalidRequest(
            "The request uses two authentication methods. Use HTTP Basic or the body, not both."
        )
    [(method, credentials)] = found
    named = parameters.one("client_id")
    if named is not None and plain_id(named) != plain_id(credentials.client_id):
        raise InvalidRequest(
            "The client_id in the parameters is not the one that authenticated. Send the same client_id, or omit it."
        )
    return await method.prove(context, credentials)
