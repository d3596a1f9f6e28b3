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
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


async def _nothing_to_prepare(_context: RequestContext, _credentials: Credentials) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method by its registered name (RFC 7591 §2).

    `read` recognises its credentials, `prepare` does what cannot be done within the request's transaction, and `prove`
    checks the credentials there.
    """

    name: AuthMethod
    read: Callable[[RequestContext, Parameters], Credentials | None]
    prepare: Callable[[RequestContext, Credentials], Awaitable[None]] = _nothing_to_prepare
    prove: Callable[[Sandbox, Transaction, Credentials], Client]


def _by_secret(sandbox: Sandbox, transaction: Transaction, credentials: Credentials) -> Client:
    return authenticate(sandbox, transaction, credentials.client_id, credentials.secret)


METHODS = (
    Method(name="client_secret_basic", read=basic.read, prove=_by_secret),
    Method(name="client_secret_post", read=form.read, prove=_by_secret),
    Method(
        name="private_key_jwt",
        read=private_key_jwt.read,
        prepare=private_key_jwt.prepare,
        prove=private_key_jwt.prove,
    ),
    Method(name="none", read=public.read, prove=_by_secret),
)
FIELDS = ("client_id", "client_secret", "client_assertion_type", "client_assertion")

Proof = Callable[[Sandbox, Transaction], Client]
"""Returns the client that calls, within the request's transaction. Raises InvalidClient, TooManyRequests."""


async def read_proof(context: RequestContext, parameters: Parameters) -> Proof:
    """What the client authenticates with. Raises InvalidClient; InvalidRequest for two methods (RFC 6749 §2.3)."""
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
    await method.prepare(context, credentials)
    return lambda sandbox, transaction: method.prove(sandbox, transaction, credentials)
