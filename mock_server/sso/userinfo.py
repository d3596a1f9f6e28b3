"""Who the access token belongs to (OpenID Connect Core §5.3)."""

from fastapi import APIRouter
from starlette.requests import Request

from mock_server.actions.connecting.single_sign_on import account_of_token
from mock_server.http.surface import bearer_token, sandbox_of
from mock_server.sso.id_tokens import claims_about

router = APIRouter(prefix="/sso", tags=["Single sign-on"])


@router.get("/userinfo")
@router.post("/userinfo", include_in_schema=False)
async def userinfo(request: Request) -> dict[str, str]:
    """The claims of the customer who logged in, as far as the scope goes (OpenID Connect Core §5.4)."""
    sandbox = sandbox_of(request)
    customer, scope = await sandbox.run(account_of_token, sandbox, bearer_token(request))
    return claims_about(customer, scope)
