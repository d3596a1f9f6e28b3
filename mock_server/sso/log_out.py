"""The provider's logout (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.single_sign_on import find_session, log_out
from mock_server.domain.errors import InvalidRedirectUri, InvalidRequest
from mock_server.domain.oauth.redirect_uris import wire_form
from mock_server.domain.text.parameters import Parameters
from mock_server.http.body import read_form
from mock_server.http.browser import browser_or_new, checked_form, form_token, go, remember_browser
from mock_server.http.context import Context, RequestContext
from mock_server.sso.authorize import SESSION_COOKIE
from mock_server.sso.id_tokens import subject_of_hint
from mock_server.ui import page

router = APIRouter(prefix="/sso/log-out", tags=["Single sign-on"])

_FORM = "log-out"


@router.get("")
@router.post("", include_in_schema=False)
async def ask(context: Context) -> Response:
    """End the session if the hint identifies it; else ask the customer to confirm (§2, §6)."""
    sandbox, links = context.sandbox, context.links
    parameters = await read_form(context) if context.method == "POST" else context.query
    back = _way_back(context, parameters)
    subject = await sandbox.run(
        subject_of_hint, sandbox, parameters.one("id_token_hint"), issuer=links.sign_on
    )
    session = await sandbox.run(
        sandbox.read, find_session, context.cookies.get(context.cookie_name(SESSION_COOKIE))
    )
    if session is None or session.customer_id == subject:
        return await _end(context, back)
    return _confirm(context, parameters)


@router.post("/confirmed", include_in_schema=False)
async def confirmed(context: Context) -> Response:
    """End the session after the customer confirmed."""
    await checked_form(context, _FORM)
    return await _end(context, _way_back(context, context.query))


def _way_back(context: RequestContext, parameters: Parameters) -> str | None:
    """The redirect URI with the state, if any (§3). Raises InvalidRedirectUri, InvalidRequest."""
    links, own = context.links, context.sandbox.fixtures.utility.single_sign_on_client_id
    if parameters.one("client_id") not in (None, own):
        raise InvalidRequest(f"The client_id must be {own}, the client of the utility's own pages.")
    uri = parameters.one("post_logout_redirect_uri")
    if uri is None:
        return None
    if parameters.one("client_id") is None and parameters.one("id_token_hint") is None:
        raise InvalidRequest("Send client_id or id_token_hint with post_logout_redirect_uri.")
    if uri not in (links.browser("my-authorizations"), links.browser("")):
        raise InvalidRedirectUri(
            "This post_logout_redirect_uri is not registered. Use the home page or the customer's page."
        )
    state = parameters.raw("state")
    return f"{uri}?state={wire_form(state)}" if state else uri


async def _end(context: RequestContext, back: str | None) -> Response:
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, log_out, context.cookies.get(context.cookie_name(SESSION_COOKIE)))
    response: Response = page(context, "sso/logged_out.html", return_url=None) if back is None else go(back)
    response.delete_cookie(context.cookie_name(SESSION_COOKIE), path=context.links.page("sso"))
    return response


def _confirm(context: RequestContext, parameters: Parameters) -> Response:
    links, browser = context.links, browser_or_new(context)
    names = ("client_id", "id_token_hint", "post_logout_redirect_uri", "state")
    again = urlencode([(name, value) for name in names if (value := parameters.one(name))])
    response = page(
        context,
        "sso/log_out.html",
        action=f"{links.page('sso', 'log-out', 'confirmed')}?{again}",
        csrf=form_token(browser, _FORM),
        stay_url=links.page("my-authorizations"),
    )
    remember_browser(context, response, browser)
    return response
