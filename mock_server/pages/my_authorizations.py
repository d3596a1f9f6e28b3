"""The customer's page of authorizations: the companies that can read their data, with forms to stop sharing.

Customers log in with the utility's single sign-on; this page has its own session.
"""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.clients.find_client import list_clients
from mock_server.actions.connecting.browser_sessions import end_session, log_in_customer, subject_of
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.reading.shares import Share, list_shares
from mock_server.domain.errors import AccessDenied, Forbidden, NotFound
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.records import Client, Customer
from mock_server.http.browser import browser_or_new, checked_form, form_token, go, remember_browser
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.header_fields import set_cookie
from mock_server.pages.consent import DATA_TYPES
from mock_server.pages.sign_in.single_sign_on import fetch_proof
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import day_in_words, page

router = APIRouter(prefix="/my-authorizations", include_in_schema=False)

SESSION_COOKIE = "mock_server_customer"
LOG_IN_COOKIE = "mock_server_customer_log_in"
_FORMS = "my-authorizations"
_MOST_LISTED = 200


@router.get("")
async def show(context: Context) -> Response:
    """The customer's authorizations, newest first; redirects to the login without a session."""
    sandbox, links = context.sandbox, context.links
    customer = await _customer_of(context)
    if customer is None:
        return _leave_for_log_in(context)
    shares, clients = await sandbox.run(sandbox.read, _read, customer)
    browser = browser_or_new(context)
    response = page(
        context,
        "pages/my_authorizations.html",
        csrf=form_token(browser, _FORMS),
        customer={"name": customer.name},
        log_out_action=links.page("my-authorizations", "log-out"),
        help_url=links.page("auth-help"),
        authorizations=[_row(context, share, clients) for share in shares],
    )
    remember_browser(context, response, browser)
    return response


@router.get("/signed-on")
async def signed_on(context: Context) -> Response:
    """Handle the redirect from the login (OpenID Connect Core §3.1.2.5). Raises Forbidden, AccessDenied."""
    sandbox, links, query = context.sandbox, context.links, context.query
    secret = context.cookies.get(context.cookie_name(LOG_IN_COOKIE), "")
    if not secret or not equal_secrets(query.one("state") or "", form_token(secret, "state")):
        raise Forbidden("This login response does not match a login that this browser started. Log in again.")
    code = query.one("code")
    if code is None:
        raise AccessDenied("You did not log in. Open the page again to log in.")
    redirect_uri = links.browser("my-authorizations", "signed-on")
    proof = await fetch_proof(context, code, redirect_uri=redirect_uri, nonce=form_token(secret, "nonce"))
    session = await sandbox.run(sandbox.write, log_in_customer, proof.subject, id_token=proof.id_token)
    response = go(links.page("my-authorizations"))
    _set_cookie(context, response, SESSION_COOKIE, session)
    response.delete_cookie(context.cookie_name(LOG_IN_COOKIE), path=links.page("my-authorizations"))
    return response


@router.post("/log-out")
async def log_out(context: Context) -> Response:
    """End this session, then redirect to the provider's logout; the hint identifies the provider's session."""
    await checked_form(context, _FORMS)
    sandbox, links = context.sandbox, context.links
    session = await sandbox.run(
        sandbox.write, end_session, context.cookies.get(context.cookie_name(SESSION_COOKIE))
    )
    hint = urlencode({"id_token_hint": session.id_token}) if session and session.id_token else ""
    response = go(f"{links.page('sso', 'log-out')}?{hint}")
    response.delete_cookie(context.cookie_name(SESSION_COOKIE), path=links.page("my-authorizations"))
    return response


@router.post("/{uid}/revoke")
async def end(context: Context, uid: str) -> Response:
    """Revoke one of the customer's authorizations. Raises NotFound for any other."""
    sandbox, links = context.sandbox, context.links
    await checked_form(context, _FORMS)
    customer = await _customer_of(context)
    if customer is None:
        return _leave_for_log_in(context)
    if not await sandbox.run(sandbox.read, _is_own, customer, uid):
        raise NotFound("You have no such authorization.")
    await sandbox.run(sandbox.write, revoke, uid)
    return go(links.page("my-authorizations"))


async def _customer_of(context: RequestContext) -> Customer | None:
    sandbox = context.sandbox
    subject = await sandbox.run(
        sandbox.read, subject_of, context.cookies.get(context.cookie_name(SESSION_COOKIE)), "customer"
    )
    return await sandbox.run(sandbox.read, find_customer, subject) if subject else None


def _leave_for_log_in(context: RequestContext) -> Response:
    """Redirect to the provider. State and nonce are derived from a secret in a cookie."""
    sandbox, links = context.sandbox, context.links
    secret = sandbox.random.secret()
    query = {
        "response_type": "code",
        "client_id": sandbox.fixtures.utility.single_sign_on_client_id,
        "redirect_uri": links.browser("my-authorizations", "signed-on"),
        "scope": "openid profile email",
        "state": form_token(secret, "state"),
        "nonce": form_token(secret, "nonce"),
    }
    response = go(f"{links.page('sso', 'authorize')}?{urlencode(query)}")
    _set_cookie(context, response, LOG_IN_COOKIE, secret)
    return response


def _set_cookie(context: RequestContext, response: Response, name: str, value: str) -> None:
    path = context.links.page("my-authorizations")
    set_cookie(context, response, context.cookie_name(name), value, path=path)


def _read(
    sandbox: Sandbox, transaction: Transaction, customer: Customer
) -> tuple[list[Share], dict[str, Client]]:
    found = transaction.authorizations.list(
        customer_id=customer.id, kind="customer", order="-uid", limit=_MOST_LISTED
    )
    clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    return list_shares(sandbox, transaction, found), {client.id: client for client in clients}


def _is_own(sandbox: Sandbox, transaction: Transaction, customer: Customer, uid: str) -> bool:
    return transaction.authorizations.find(uid=uid, customer_id=customer.id, kind="customer") is not None


def _row(context: RequestContext, share: Share, clients: dict[str, Client]) -> dict[str, Any]:
    authorization, zone = share.authorization, share.zone
    client = clients.get(authorization.client_id)
    ended = authorization.revoked or authorization.expires
    return {
        "uid": authorization.uid,
        "company": client.company_name if client else authorization.client_id,
        "website": client.website if client else None,
        "status": authorization.status_at(share.now),
        "since": day_in_words(authorization.created, zone),
        "ends": day_in_words(ended, zone) if ended else "When you end it",
        "data": [title for block, title, _ in DATA_TYPES if block in share.function_blocks],
        "services": [
            f"{shared.service.kind.capitalize()} service {shared.service.id}"
            for shared in reversed(share.meters)
        ],
        "action": context.links.page("my-authorizations", authorization.uid, "revoke"),
    }
