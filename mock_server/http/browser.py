"""Recognizes a browser by one cookie, and protects forms by tokens that are derived from it."""

import re

from starlette.responses import RedirectResponse, Response

from mock_server.actions.connecting.authorize import move_requests
from mock_server.domain.errors import Forbidden
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.domain.text.parameters import Parameters
from mock_server.http.body import read_form
from mock_server.http.context import RequestContext
from mock_server.http.responses.header_fields import redirect, set_cookie

COOKIE = "mock_server_browser"
THIRD_PARTY_FORMS = "portal"
"""The purpose of the forms on third parties' pages, and of one form on the home page."""
LARGEST_FORM = 100_000
_SECRET = re.compile(r"[0-9a-f]{64}")


def browser_of(context: RequestContext) -> str:
    """The browser's secret; empty for a new browser."""
    return secret_of(context, COOKIE)


def browser_or_new(context: RequestContext) -> str:
    """The browser's secret, or a new one, which `remember_browser` must put into the response."""
    return browser_of(context) or context.sandbox.random.secret()


def secret_of(context: RequestContext, cookie: str) -> str:
    """The secret in a cookie; empty if there is none, or one that this server did not set."""
    value = context.cookies.get(context.cookie_name(cookie), "")
    return value if _SECRET.fullmatch(value) else ""


def remember_browser(context: RequestContext, response: Response, browser: str) -> None:
    """Set the browser's cookie. SameSite=Lax, so that it is sent when a third party's page links here."""
    if browser_of(context) != browser:
        set_cookie(context, response, context.cookie_name(COOKIE), browser, path=context.links.page())


async def renew_browser(context: RequestContext, response: Response) -> None:
    """Replace the secret once somebody signed in, so that an earlier secret is worth nothing (session fixation)."""
    sandbox, renewed = context.sandbox, context.sandbox.random.secret()
    await sandbox.run(sandbox.write, move_requests, old=browser_of(context), new=renewed)
    remember_browser(context, response, renewed)


def form_token(browser: str, purpose: str) -> str:
    """The CSRF token of a form: it proves that the form came from a page of this server in this browser."""
    return fingerprint(f"form:{purpose}:{browser}")


async def checked_form(context: RequestContext, purpose: str) -> Parameters:
    """A posted form. Raises Forbidden if it did not come from a page of this server in this browser."""
    form = await read_form(context, largest=LARGEST_FORM)
    browser = browser_of(context)
    if not browser or not equal_secrets(form.one("csrf") or "", form_token(browser, purpose)):
        raise Forbidden(
            "This form did not come from a page of this server in this browser. Open the page again and send it "
            "from there; cookies must be allowed. Programs must send the form's hidden field csrf along."
        )
    return form


def go(url: str) -> RedirectResponse:
    """A redirect to another page with GET (RFC 9700 §4.12 asks for 303 after a form)."""
    return redirect(url, status=303)
