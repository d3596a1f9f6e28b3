"""Who is viewing a third party's page: a logged-in person or, with hints on, anyone who chooses a client."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from mock_server.actions.clients.find_client import list_clients
from mock_server.actions.connecting.browser_sessions import find_person
from mock_server.domain.errors import MockServerError, NotFound
from mock_server.domain.records import Client, Person
from mock_server.http.browser import THIRD_PARTY_FORMS, browser_or_new, form_token, go, remember_browser
from mock_server.http.context import RequestContext
from mock_server.http.responses.header_fields import set_cookie
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import page, problem_page

SESSION_COOKIE = "mock_server_portal"
FORMS = THIRD_PARTY_FORMS


class LogInNeeded(MockServerError):
    """The page requires a login by a person of the client."""

    code = "login_required"
    status = 401


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The client that a page is about, the logged-in person if any, and the clients that can be chosen."""

    client: Client
    person: Person | None
    others: tuple[Client, ...]


async def visit_of(context: RequestContext, *, private: bool = False) -> Visit:
    """The visit of this request. Raises LogInNeeded, and NotFound for an unknown client.

    The query's `client_id` selects the client, else the session. Without hints, only the session's client can be
    selected. If a client has people, its `private` pages are for these people only.
    """
    sandbox = context.sandbox
    return await sandbox.run(
        sandbox.read,
        _read,
        session_of(context),
        context.query.one("client_id"),
        private=private,
    )


def _read(
    sandbox: Sandbox, transaction: Transaction, session: str | None, picked: str | None, *, private: bool
) -> Visit:
    person = find_person(sandbox, transaction, session)
    clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    owned = {person.client_id for person in transaction.people.list()} if private else set()
    own = [client for client in clients if person is not None and client.id == person.client_id]
    offered = clients if sandbox.settings.hints else own
    offered = [client for client in offered if client.id not in owned or client in own]
    wanted = picked or (person.client_id if person else None)
    if not offered:
        raise LogInNeeded("Log in to see this page.")
    chosen = next((client for client in offered if wanted in (None, client.id)), None)
    if chosen is None and any(client.id == wanted for client in clients):
        raise LogInNeeded("Log in with an account of this company to see this page.")
    if chosen is None:
        raise NotFound("There is no such client. Open the dashboard without client_id to see all clients.")
    return Visit(client=chosen, person=person, others=tuple(offered))


def at(context: RequestContext, visit: Visit, *parts: str, **query: str) -> str:
    """The path of a portal page for the visit's client."""
    parameters = query if _is_own(visit) else {"client_id": visit.client.id, **query}
    return context.links.page(*parts) + (f"?{urlencode(parameters)}" if parameters else "")


def _is_own(visit: Visit) -> bool:
    return visit.person is not None and visit.person.client_id == visit.client.id


def portal_page(
    context: RequestContext, visit: Visit | None, template: str, *, here: str = "", **variables: Any
) -> Response:
    """A page with the portal's navigation; sets the cookie that its forms need."""
    links, browser = context.links, browser_or_new(context)
    csrf = form_token(browser, FORMS)
    pages = ("dashboard", "Dashboard"), ("dashboard/request", "Request"), ("settings", "Settings")
    frame = {
        "nav": [
            {"title": title, "url": at(context, visit, *path.split("/")), "here": path == here}
            for path, title in pages
        ]
        if visit
        else [],
        "picked": visit.client.id if visit and not _is_own(visit) else None,
        "person": visit.person.first_name if visit and visit.person else None,
        "log_in_url": links.page("third-party", "log-in"),
        "log_out_url": links.page("third-party", "log-out"),
        "register_url": links.page("third-party", "register"),
    }
    response = page(context, template, csrf=csrf, frame=frame, **variables)
    remember_browser(context, response, browser)
    return response


def session_of(context: RequestContext) -> str | None:
    """The session secret in the browser's cookie, if any."""
    return context.cookies.get(context.cookie_name(SESSION_COOKIE))


def set_session(context: RequestContext, response: Response, secret: str) -> None:
    """Log the browser in, with a cookie for this sandbox's pages that scripts cannot read."""
    name = context.cookie_name(SESSION_COOKIE)
    set_cookie(context, response, name, secret, path=context.links.page())


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """A redirect to the login for LogInNeeded, an error page for any other error."""
    if isinstance(error, LogInNeeded):
        return go(context.links.page("third-party", "log-in"))
    return problem_page(context, error)
