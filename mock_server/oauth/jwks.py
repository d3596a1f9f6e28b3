"""The public keys that sign JWT access tokens (RFC 7517 §5, RFC 9068 §4)."""

from typing import Any

from fastapi import APIRouter

from mock_server.actions.tokens.keys import public_jwk, signing_key
from mock_server.http.context import Context, check_utility
from mock_server.urls import utility_forms

router = APIRouter(tags=["OAuth"])


async def jwks(context: Context) -> dict[str, Any]:
    """The key set. Clients may cache it until they see a token with another `kid`."""
    check_utility(context)
    sandbox = context.sandbox
    return {"keys": [public_jwk(await sandbox.run(signing_key, sandbox))]}


for _path in utility_forms("/jwks"):
    router.add_api_route(_path, jwks, methods=["GET"], summary="Read the signing keys")
