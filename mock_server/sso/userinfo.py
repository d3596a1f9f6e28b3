"""Who the access token belongs to (OpenID Connect Core §5.3)."""

from fastapi import APIRouter
from starlette.requests import Request

from mock_server.actions.connecting.single_sign_on import customer_of_token
from mock_server.surface import bearer_token, sandbox_of

router = APIRouter()


@router.get("/userinfo")
async def userinfo(request: Request) -> dict[str, str]:
    """The claims of the customer who logged in."""
    sandbox = sandbox_of(request)
    customer = await sandbox.run(customer_of_token, sandbox, bearer_token(request))
    return {
        "sub": customer.id,
        "name": customer.name,
        "email": customer.email,
        "phone_number": customer.phone,
    }
