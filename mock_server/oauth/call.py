"""Reads a request of a client's server: its parameters and its authenticated client; and documents such requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.http.body import read_form
from mock_server.http.context import RequestContext, check_utility
from mock_server.oauth.client_auth import FIELDS, Proof, read_proof
from mock_server.review import RequestFacts, check_strictly
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class ClientCall:
    """A call of a client's server: its parameters, and the client once its proof was checked."""

    context: RequestContext
    parameters: Parameters
    proof: Proof
    facts: RequestFacts | None = None

    def client_in(self, sandbox: Sandbox, transaction: Transaction) -> Client:
        """The authenticated client. Raises InvalidClient, TooManyRequests, and the errors of a strict review."""
        client = self.proof(sandbox, transaction)
        self.context.note_client(client.id)
        if self.facts is not None:
            check_strictly(sandbox, client, self.facts)
        return client


async def read_call(context: RequestContext) -> ClientCall:
    """A call of the token endpoint. Raises NotFound, InvalidClient, InvalidRequest.

    Parameters in the query count too: certified clients send a POST with an empty body.
    """
    check_utility(context)
    form, query = await read_form(context), context.query
    parameters = form.over(query)
    return ClientCall(
        context=context,
        parameters=parameters,
        proof=await read_proof(context, parameters),
        facts=RequestFacts(kind="token", query=query, form=form),
    )


async def read_form_call(context: RequestContext) -> ClientCall:
    """Like read_call, but ignores the query, because a token in a URL ends up in logs (RFC 7009 §2.1)."""
    check_utility(context)
    parameters = await read_form(context)
    return ClientCall(context=context, parameters=parameters, proof=await read_proof(context, parameters))


def token_in(parameters: Parameters) -> str:
    """The parameter `token` (RFC 7009 §2.1, RFC 7662 §2.1). Raises InvalidRequest."""
    found = parameters.one("token")
    if found is None:
        raise InvalidRequest(
            "The parameter token is missing. Send it in an application/x-www-form-urlencoded body."
        )
    return found


def documented(fields: Iterable[str], *, answer: str, status: str = "200") -> dict[str, Any]:
    """The OpenAPI description of an endpoint that reads such requests."""
    properties = {name: {"type": "string"} for name in (*fields, *FIELDS)}
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    json: dict[str, Any] = {"content": {"application/json": {}}}
    return {
        "requestBody": {
            "content": {kind: {"schema": {"type": "object", "properties": properties}} for kind in kinds}
        },
        "responses": {
            status: {"description": answer, **json},
            "400": {"description": "An error (RFC 6749 §5.2)", **json},
            "401": {"description": "The client is unknown or its authentication failed", **json},
        },
    }
