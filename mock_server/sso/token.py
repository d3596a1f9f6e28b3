"""The provider's token endpoint (OpenID Connect Core §3.1.3)."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.actions.connecting.single_sign_on import redeem_sign_on_code
from mock_server.domain.errors import InvalidRequest, UnsupportedGrantType
from mock_server.http.body import read_form
from mock_server.http.context import Context
from mock_server.sso.id_tokens import make_id_token
from mock_server.sso.relying_party import authenticate_relying_party

router = APIRouter(prefix="/sso", tags=["Single sign-on"])

_DOCUMENTED: dict[str, Any] = {  # Any: OpenAPI's JSON
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
async def token(context: Context) -> Response:
    """Exchange the code for an access token and an id token."""
    sandbox, links = context.sandbox, context.links
    authenticate_relying_party(context)
    form = await read_form(context, largest=10_000)
    if form.one("grant_type") != "authorization_code":
        raise UnsupportedGrantType("The grant_type must be authorization_code.")
    code = form.one("code")
    if code is None:
        raise InvalidRequest("The parameter code is missing. Send the code from the redirect.")
    signed_on = await sandbox.run(
        sandbox.write, redeem_sign_on_code, code=code, redirect_uri=form.one("redirect_uri")
    )
    answer = {
        "access_token": signed_on.access_token,
        "token_type": "Bearer",
        "expires_in": signed_on.expires_in,
        "scope": signed_on.scope,
        "id_token": await sandbox.run(make_id_token, sandbox, signed_on, issuer=links.sign_on),
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
