"""The provider's authorization endpoint and login form (OpenID Connect Core §3.1.2)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.single_sign_on import find_session, issue_sign_on_code, log_in
from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.errors import (
    AccessDenied,
    Forbidden,
    InvalidRequest,
    InvalidScope,
    MockServerError,
    UnsupportedResponseType,
)
from mock_server.domain.oauth.redirect_uris import answer_uri, wire_form
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.domain.records import SignOnSession
from mock_server.domain.signing_in.aliases import scenario_error
from mock_server.domain.text.parameters import Parameters
from mock_server.http.body import read_form
from mock_server.http.browser import go, secret_of
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.header_fields import set_cookie
from mock_server.sandbox import Sandbox
from mock_server.sso.id_tokens import SCOPES, subject_of_hint
from mock_server.sso.relying_party import check_relying_party
from mock_server.store import Transaction
from mock_server.ui import page
from mock_server.urls import Links

router = APIRouter(prefix="/sso", tags=["Single sign-on"])

SESSION_COOKIE = "mock_server_sso"
FORM_COOKIE = "mock_server_sso_form"
_PROMPTS = {"none", "login"}


class LoginRequired(MockServerError):
    """The request has `prompt=none`, but no customer is logged in (OpenID Connect Core §3.1.2.6)."""

    code = "login_required"
    status = 400


class RequestNotSupported(MockServerError):
    """Signed request objects are not supported (OpenID Connect Core §3.1.2.6)."""

    code = "request_not_supported"
    status = 400


class RequestUriNotSupported(RequestNotSupported):
    """Signed request objects by reference are not supported either (OpenID Connect Core §3.1.2.6)."""

    code = "request_uri_not_supported"


@router.get("/authorize")
async def authorize(context: Context) -> Response:
    """Redirect with a code if the browser is logged in; else display the login form, unless `prompt=none`."""
    return await _begin(context, context.query)


async def _begin(context: RequestContext, query: Parameters) -> Response:
    links, sandbox = context.links, context.sandbox
    redirect_uri = check_relying_party(context, query, links)
    try:
        prompts = _check(query)
        session = await sandbox.run(
            sandbox.read, find_session, context.cookies.get(context.cookie_name(SESSION_COOKIE))
        )
        if session is not None and await sandbox.run(_is_enough, sandbox, links, query, session, prompts):
            return await _answer(context, query, redirect_uri, session)
        if "none" in prompts:
            raise LoginRequired(
                "No session in this browser satisfies the request. Send the request without prompt=none."
            )
    except MockServerError as error:
        if not error.may_redirect:
            raise
        return go(answer_uri(redirect_uri, _state(query), error=error.code, error_description=error.message))
    return await _form(context, query, username=query.one("login_hint") or "")


def _is_enough(
    sandbox: Sandbox, links: Links, query: Parameters, session: SignOnSession, prompts: set[str]
) -> bool:
    """Whether the session satisfies prompt, max_age and id_token_hint (OpenID Connect Core §3.1.2.1)."""
    subject = subject_of_hint(sandbox, query.one("id_token_hint"), issuer=links.sign_on)
    age = query.one("max_age")
    if age is not None and not (age.isascii() and age.isdecimal() and len(age) < 10):
        raise InvalidRequest("max_age must be a number of seconds.")
    is_fresh = age is None or session.started + timedelta(seconds=int(age)) > sandbox.clock.now()
    return "login" not in prompts and is_fresh and subject in (None, session.customer_id)


@router.post("/authorize", include_in_schema=False)
async def submit(context: Context) -> Response:
    """The posted login form, whose query is the request; or the request itself (OpenID Connect Core §3.1.2.1)."""
    form = await read_form(context, largest=10_000)
    if form.one("client_id") is not None:
        return await _begin(context, form)
    links, query, sandbox = context.links, context.query, context.sandbox
    redirect_uri = check_relying_party(context, query, links)
    form_secret = context.cookies.get(context.cookie_name(FORM_COOKIE), "")
    if not form_secret or not equal_secrets(form.one("csrf") or "", fingerprint(form_secret)):
        raise Forbidden("This form was not opened in this browser. Open the login page again.")
    if form.one("decision") == "cancel":
        error = AccessDenied("The customer did not log in.")
        return go(answer_uri(redirect_uri, _state(query), error=error.code, error_description=error.message))
    username = form.one("username") or ""
    if scenario_error(username) is not None:  # the relying party then ends its request with this error
        return go(answer_uri(redirect_uri, _state(query), error=username))
    try:
        session, secret = await sandbox.run(
            sandbox.write, log_in, username=username, password=form.one("password") or ""
        )
    except AccessDenied as error:
        return await _form(context, query, username=username, error=error.message)
    response = await _answer(context, query, redirect_uri, session)
    _set_cookie(context, response, SESSION_COOKIE, secret)
    return response


def _check(query: Parameters) -> set[str]:
    """Check the request's parameters and return the values of prompt."""
    if query.one("request") is not None:
        raise RequestNotSupported("The parameter request is not supported. Send the parameters themselves.")
    if query.one("request_uri") is not None:
        raise RequestUriNotSupported(
            "The parameter request_uri is not supported. Send the parameters themselves."
        )
    if query.one("response_type") is None:
        raise InvalidRequest("The parameter response_type is missing. Send code.")
    if query.one("response_type") != "code":
        raise UnsupportedResponseType(
            "Only the authorization code flow is supported. Send response_type=code."
        )
    if "openid" not in (query.one("scope") or "").split():
        raise InvalidScope("The scope must include openid.")
    prompts = set((query.one("prompt") or "").split())
    if prompts - _PROMPTS:
        raise InvalidRequest("prompt must be none or login.")
    if "none" in prompts and len(prompts) > 1:
        raise InvalidRequest("prompt=none cannot be combined with another prompt.")
    return prompts


def _state(query: Parameters) -> str | None:
    raw = query.raw("state")
    return wire_form(raw) if raw else None


async def _answer(
    context: RequestContext, query: Parameters, redirect_uri: str, session: SignOnSession
) -> Response:
    sandbox = context.sandbox
    code = await sandbox.run(
        sandbox.write,
        issue_sign_on_code,
        session,
        redirect_uri=redirect_uri,
        scope=" ".join(name for name in SCOPES if name in (query.one("scope") or "").split()),
        nonce=query.one("nonce"),
    )
    return go(answer_uri(redirect_uri, _state(query), code=code))


async def _form(
    context: RequestContext, query: Parameters, *, username: str = "", error: str | None = None
) -> Response:
    sandbox, links = context.sandbox, context.links
    form_secret = secret_of(context, FORM_COOKIE) or sandbox.random.secret()
    again = urlencode([(name, value) for name in query.on_wire for value in query.all(name)])
    response = page(
        context,
        "sso/log_in.html",
        status=422 if error else 200,
        action=f"{links.page('sso', 'authorize')}?{again}",
        csrf=fingerprint(form_secret),
        error=error,
        username=username,
        personas=await sandbox.run(sandbox.read, _personas),
        client_name=sandbox.fixtures.utility.name,
    )
    _set_cookie(context, response, FORM_COOKIE, form_secret)
    return response


def _personas(sandbox: Sandbox, transaction: Transaction) -> list[dict[str, Any]] | None:
    if not sandbox.settings.hints:
        return None
    customers = list_customers(sandbox, transaction, only_test_accounts=True)
    return [
        {
            "title": customer.name,
            "about": customer.about,
            "values": {"username": customer.id, "password": customer.password},
        }
        for customer in customers
    ]


def _set_cookie(context: RequestContext, response: Response, name: str, value: str) -> None:
    set_cookie(context, response, context.cookie_name(name), value, path=context.links.page("sso"))
