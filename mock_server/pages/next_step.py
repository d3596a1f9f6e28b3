"""The dispatcher of the customer's flow. Every step stores its result and redirects here."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.consent import DECLINED, decline
from mock_server.actions.connecting.sign_in import check_may_connect, get_customer, refuse
from mock_server.domain.errors import AccessDenied, Conflict, UnauthorizedClient
from mock_server.domain.oauth.authorization_flow import next_step
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.pages.end_request import error_uri, redirect_with_error
from mock_server.pages.visit import Visit, visit_of
from mock_server.ui import page

router = APIRouter(prefix="/connect", include_in_schema=False)


@router.get("/{request_id}")
async def dispatch(context: Context, request_id: str) -> Response:
    """Redirect to the page of the request's next step."""
    visit = await visit_of(context, request_id)
    links = context.links
    match next_step(visit.request):
        case "sign_in":
            return go(links.connect(request_id, "sign-in", visit.request.way))
        case "code":
            return go(links.connect(request_id, "code"))
        case "consent":
            return await _on_to_consent(context, visit)
        case "finished":
            raise Conflict(
                "You have already completed this request. Start again from the company that sent you here."
            )


async def _on_to_consent(context: RequestContext, visit: Visit) -> Response:
    """Redirect to the consent page, or display an error if the client may not connect this customer."""
    sandbox = context.sandbox
    customer = await sandbox.run(sandbox.read, get_customer, visit.request)
    try:
        check_may_connect(visit.client, customer)
    except (UnauthorizedClient, AccessDenied) as error:
        await sandbox.run(sandbox.write, refuse, visit.request)
        back = visit.request.redirect_uri
        return page(
            context,
            "pages/refused.html",
            status=403,
            client={"name": visit.client.company_name, "website": visit.client.website},
            customer_name=customer.name,
            reason=error.message,
            return_url=error_uri(context, back, visit.request.state, error) if back else None,
        )
    return go(context.links.connect(visit.request.id, "consent"))


@router.post("/{request_id}/cancel")
async def cancel(context: Context, request_id: str) -> Response:
    """Decline the request, at any step."""
    visit = await visit_of(context, request_id)
    await checked_form(context, request_id)
    return await declined(context, visit)


async def declined(context: RequestContext, visit: Visit) -> Response:
    """Decline the request and redirect to the client, or to the receipt without a redirect URI."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, decline, visit.request)
    if visit.request.redirect_uri is None:
        return go(context.links.page("receipts", visit.request.id))
    error = AccessDenied(DECLINED)
    return redirect_with_error(context, visit.request.redirect_uri, visit.request.state, error)
