"""Login and logout for people of third parties. With hints on, anyone can open any client's dashboard."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.actions.clients.find_client import list_clients
from mock_server.actions.connecting.browser_sessions import end_session, log_in_person
from mock_server.domain.errors import AccessDenied
from mock_server.domain.records import Client
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.portal.visit import FORMS, SESSION_COOKIE, Visit, at, portal_page, session_of, set_session
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

router = APIRouter(prefix="/third-party", include_in_schema=False)


@router.get("/log-in")
async def show_form(context: Context) -> Response:
    """The login form."""
    return await _form(context)


@router.post("/log-in")
async def submit(context: Context) -> Response:
    """Log in and redirect to the dashboard. No parameter sets the target, to prevent open redirects."""
    form, sandbox = await checked_form(context, FORMS), context.sandbox
    email, password = form.one("email") or "", form.one("password") or ""
    try:
        session = await run_in_threadpool(
            sandbox.attempt, log_in_person, sandbox, email=email, password=password
        )
    except AccessDenied as error:
        return await _form(context, email=email, mistake=error.message)
    response = go(context.links.page("dashboard"))
    set_session(context, response, session)
    return response


@router.post("/log-out")
async def log_out(context: Context) -> Response:
    """End the session in the browser and in the sandbox."""
    await checked_form(context, FORMS)
    sandbox, links = context.sandbox, context.links
    await sandbox.run(sandbox.write, end_session, session_of(context))
    response = go(links.page("third-party", "log-in"))
    response.delete_cookie(context.cookie_name(SESSION_COOKIE), path=links.page())
    return response


async def _form(context: RequestContext, *, email: str = "", mistake: str | None = None) -> Response:
    sandbox, links = context.sandbox, context.links
    clients = await sandbox.run(sandbox.read, _test_clients)
    return portal_page(
        context,
        None,
        "portal/log_in.html",
        status=422 if mistake else 200,
        action=links.page("third-party", "log-in"),
        email=email,
        mistake=mistake,
        clients=[
            {
                "name": client.company_name,
                "id": client.id,
                "mode": client.mode,
                "url": at(context, Visit(client=client, person=None, others=()), "dashboard"),
            }
            for client in clients
        ],
    )


def _test_clients(sandbox: Sandbox, transaction: Transaction) -> list[Client]:
    if not sandbox.settings.hints:
        return []
    return list_clients(transaction, first=sandbox.fixtures.utility.default_client)
