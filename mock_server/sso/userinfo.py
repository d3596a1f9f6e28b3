"""The userinfo endpoint (OpenID Connect Core §5.3)."""

from fastapi import APIRouter

from mock_server.actions.connecting.single_sign_on import account_of_token
from mock_server.http.bearer import bearer_token
from mock_server.http.context import Context
from mock_server.sso.id_tokens import claims_about

router = APIRouter(prefix="/sso", tags=["Single sign-on"])


@router.get("/userinfo")
@router.post("/userinfo", include_in_schema=False)
async def userinfo(context: Context) -> dict[str, str]:
    """The claims about the customer that the scope allows (OpenID Connect Core §5.4)."""
    sandbox = context.sandbox
    customer, scope = await sandbox.run(sandbox.read, account_of_token, bearer_token(context))
    return claims_about(customer, scope)
