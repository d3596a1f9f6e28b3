"""The provider's metadata and keys (OpenID Connect Discovery §4)."""

from typing import Any

from fastapi import APIRouter

from mock_server.actions.tokens.keys import ALGORITHM, public_jwk, signing_key
from mock_server.http.context import Context
from mock_server.sso.id_tokens import CLAIMS, SCOPES

router = APIRouter(prefix="/sso", tags=["Single sign-on"])

_ALWAYS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash")


@router.get("/.well-known/openid-configuration")
async def metadata(context: Context) -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery §3)."""
    links = context.links
    issuer = links.sign_on
    return {
        "issuer": issuer,
        "authorization_endpoint": links.browser("sso", "authorize"),
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": links.browser("sso", "log-out"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "prompt_values_supported": ["none", "login"],
        "claims_supported": [*_ALWAYS, *(claim for claim, _ in CLAIMS.values())],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,  # the default is true
    }


@router.get("/jwks")
async def jwks(context: Context) -> dict[str, Any]:
    """The keys that id tokens are signed with (RFC 7517 §5)."""
    sandbox = context.sandbox
    key = await sandbox.run(signing_key, sandbox)
    return {"keys": [public_jwk(key)]}
