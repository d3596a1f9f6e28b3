"""The authorization server's metadata (RFC 8414)."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.domain.errors import NotFound
from mock_server.domain.oauth.key_sets import ALGORITHMS
from mock_server.domain.text.quoting import quoted
from mock_server.http.context import Context
from mock_server.oauth.client_auth import METHODS
from mock_server.oauth.grants import GRANTS
from mock_server.sandbox import Sandbox
from mock_server.urls import METADATA, Links

router = APIRouter(tags=["OAuth"])


@router.get(METADATA)
async def read_metadata(context: Context) -> Response:
    """The metadata (RFC 8414 §2). Each sandbox has its own, also at `…/~{name}`."""
    return JSONResponse(metadata(context.sandbox, context.links))


@router.get(METADATA + "/{issuer:path}", include_in_schema=False)
async def refuse_other_issuer(context: Context, issuer: str) -> Response:
    """Reject a path, because it would identify another issuer (RFC 8414 §3.1)."""
    own = context.links
    raise NotFound(
        f"There is no issuer with the path {quoted('/' + issuer)}. The issuer is {own.issuer}. Its metadata is at "
        f"{own.metadata}."
    )


def metadata(sandbox: Sandbox, links: Links) -> dict[str, Any]:
    """The metadata (RFC 8414 §2). Unsupported features are omitted, which means unsupported."""
    proofs = [method.name for method in METHODS]
    secret_proofs = [name for name in proofs if name != "none"]
    return {
        "issuer": links.issuer,
        "authorization_endpoint": links.authorize,
        "token_endpoint": links.token,
        "revocation_endpoint": links.oauth("revoke"),
        "introspection_endpoint": links.oauth("introspect"),
        "pushed_authorization_request_endpoint": links.oauth("par"),
        "require_pushed_authorization_requests": False,
        "jwks_uri": links.oauth("jwks"),
        "registration_endpoint": links.register,
        "scopes_supported": [sandbox.fixtures.utility.default_scope],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [grant.name for grant in GRANTS],
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint_auth_methods_supported": proofs,
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": proofs,
        "introspection_endpoint_auth_methods_supported": secret_proofs,
        "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "introspection_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "authorization_response_iss_parameter_supported": sandbox.settings.issuer_in_response,
        "service_documentation": links.browser(""),
    }
