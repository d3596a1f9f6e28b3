"""The provider's token endpoint: a code for an id token (OpenID Connect Core §3.1.3)."""

from typing import Any

from fastapi import APIRouter
from jose import jws
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.connecting.single_sign_on import SignedOn, redeem_sign_on_code
from mock_server.actions.tokens.keys import ALGORITHM, constructed, signing_key
from mock_server.core.errors import InvalidRequest, UnsupportedGrantType
from mock_server.sandbox import Sandbox
from mock_server.sso.relying_party import authenticate_relying_party
from mock_server.surface import form_of, links_of, sandbox_of

router = APIRouter()

_DOCUMENTED: dict[str, Any] = {  # OpenAPI's own shape
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        name: {"type": "string"} for name in ("grant_type", "code", "redirect_uri")
                    },
                }
            }
        }
    }
}


@router.post("/token", openapi_extra=_DOCUMENTED)
async def token(request: Request) -> Response:
    """Redeem the provider's code."""
    sandbox, links = sandbox_of(request), links_of(request)
    authenticate_relying_party(request)
    form = await form_of(request, largest=10_000)
    if form.one("grant_type") != "authorization_code":
        raise UnsupportedGrantType("The only grant_type here is authorization_code.")
    code = form.one("code")
    if code is None:
        raise InvalidRequest("The parameter code is missing.")
    signed_on = await sandbox.run(
        redeem_sign_on_code, sandbox, code=code, redirect_uri=form.one("redirect_uri")
    )
    answer = {
        "access_token": signed_on.access_token,
        "token_type": "Bearer",
        "expires_in": signed_on.expires_in,
        "scope": "openid profile email",
        "id_token": await sandbox.run(id_token, sandbox, signed_on, issuer=links.sign_on),
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def id_token(sandbox: Sandbox, signed_on: SignedOn, *, issuer: str) -> str:
    """The signed claims about who logged in and when (OpenID Connect Core §2)."""
    key = signing_key(sandbox)
    now = int(sandbox.clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": signed_on.customer.id,
        "aud": sandbox.fixtures.utility.single_sign_on_client_id,
        "iat": now,
        "exp": now + signed_on.expires_in,
        "auth_time": int(signed_on.authenticated.timestamp()),
        "name": signed_on.customer.name,
        "email": signed_on.customer.email,
    }
    if signed_on.nonce is not None:
        claims["nonce"] = signed_on.nonce
    signed: str = jws.sign(claims, constructed(key.pem), headers={"kid": key.id}, algorithm=ALGORITHM)
    return signed
