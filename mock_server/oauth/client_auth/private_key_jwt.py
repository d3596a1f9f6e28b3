"""A JWT that the client signs with its own key (RFC 7523 §2.2), so that no secret is sent.

The cryptography library is imported with the first assertion, because importing it would delay the first response of
the token endpoint.
"""

import asyncio
from typing import Any

import httpx

from mock_server.actions.clients.find_client import check_is_registered, get_client
from mock_server.domain.errors import InvalidClient
from mock_server.domain.records import Client, KeySet
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.oauth.client_auth.credentials import Credentials
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def read(_context: RequestContext, parameters: Parameters) -> Credentials | None:
    """The assertion, if any. Raises InvalidClient if it has no subject."""
    assertion, kind = parameters.one("client_assertion"), parameters.one("client_assertion_type")
    if assertion is None and kind is None:
        return None
    if assertion is None or kind != TYPE:
        raise InvalidClient(
            f"client_assertion and client_assertion_type must be sent together. The type must be {TYPE}"
        )
    subject = _claims(assertion).get("sub")
    if not isinstance(subject, str) or not subject:
        raise InvalidClient("The client_assertion has no sub. Set sub and iss to the client_id.")
    return Credentials(client_id=subject, secret=None, assertion=assertion)


async def prepare(context: RequestContext, credentials: Credentials) -> None:
    """Check the assertion, which counts as used whatever the request leads to. Raises InvalidClient.

    The client's keys may have to be fetched, and nothing waits for another server within a transaction.
    """
    from mock_server.actions.tokens.client_assertion import accept_assertion

    sandbox, links = context.sandbox, context.links
    client = await sandbox.run(sandbox.read, prove, credentials)
    assertion = credentials.assertion or ""
    await sandbox.run(
        accept_assertion,
        sandbox,
        client,
        assertion,
        _claims(assertion),
        keys=await _keys_of(sandbox, client),
        audiences=(links.issuer, links.token, links.base + context.path),
    )


def prove(_sandbox: Sandbox, transaction: Transaction, credentials: Credentials) -> Client:
    """The client whose assertion was checked. Raises InvalidClient if it authenticates in another way."""
    client = get_client(transaction, credentials.client_id)
    check_is_registered(client)
    if client.auth_method != "private_key_jwt":
        raise InvalidClient(
            f"{client.id} is registered with {client.auth_method}, not private_key_jwt. Use {client.auth_method}."
        )
    return client


def _claims(assertion: str) -> dict[str, Any]:
    """The unverified claims."""
    from jose import jwt
    from jose.exceptions import JOSEError

    try:
        claims: dict[str, Any] = jwt.get_unverified_claims(assertion)
    except (JOSEError, RecursionError) as error:
        raise InvalidClient(
            "The client_assertion is not a signed JWT. It must have three parts in base64url, separated by dots; the "
            "second part is the claims as JSON (RFC 7519)."
        ) from error
    return claims


async def _keys_of(sandbox: Sandbox, client: Client) -> KeySet:
    """The registered keys, or those at jwks_uri. They are not cached, so that changed keys work immediately."""
    if client.jwks is not None or client.jwks_uri is None:
        return client.jwks or {}
    return await asyncio.to_thread(_fetch, sandbox, client.jwks_uri)


def _fetch(sandbox: Sandbox, address: str) -> KeySet:
    try:
        with sandbox.open_http() as http:
            response = http.get(address)
        key_set = response.json() if response.status_code == 200 else None
    except (httpx.HTTPError, ValueError, RecursionError):  # RecursionError for deeply nested JSON
        key_set = None
    if not isinstance(key_set, dict):
        raise InvalidClient(
            f"The client's jwks_uri, {address}, does not serve a key set. Serve a JWK Set there."
        )
    return key_set
