"""Knowing a browser again: one cookie, and the form tokens that follow from it."""

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
"""The purpose of the forms of third parties' pages, of which the first page has one too."""
LARGEST_FORM = 100_000
_SECRET = re.compile(r"[0-9a-f]{64}")


def browser_of(context: RequestContext) -> str:
    """The browser's secret; empty for a browser that has none yet."""
    return secret_of(context, COOKIE)


def browser_or_new(context: RequestContext) -> str:
    """The browser's secret, or a fresh one that `remember_browser` must put into the answer."""
    return browser_of(context) or context.sandbox.random.secret()


def secret_of(context: RequestContext, cookie: str) -> str:
    """The secret in a cookie; empty where there is none, or something that we never put there."""
    value = context.cookies.get(context.cookie_name(cookie), "")
    return value if _SECRET.fullmatch(value) else ""


def remember_browser(context: RequestContext, response: Response, browser: str) -> None:
    """Give the browser its cookie. Lax, so that it comes along when a third party's page leads here."""
    if browser_of(context) != browser:
        set_cookie(context, response, context.cookie_name(COOKIE), browser, path=context.links.page())


async def renew_browser(context: RequestContext, response: Response) -> None:
    """Another secret once somebody signed in: whoever knew or planted the one before is left out from then on."""
    sandbox, renewed = context.sandbox, context.sandbox.random.secret()
    await sandbox.run(move_requests, sandbox, old=browser_of(context), new=renewed)
    remember_browser(context, response, renewed)


def form_token(browser: str, purpose: str) -> str:
    """What a form carries to show that it came from a page of ours in this browser."""
    return fingerprint(f"form:{purpose}:{browser}")


async def checked_form(context: RequestContext, purpose: str) -> Parameters:
    """A posted form. Raises Forbidden if it did not come from our page in this browser."""
    form = await read_form(context, largest=LARGEST_FORM)
    browser = browser_of(context)
    if not browser or not equal_secrets(form.one("csrf") or "", form_token(browser, purpose)):
        raise Forbidden(
            "This form did not come from a page that we showed in this browser. Open the page again and send it "
            "from there; cookies must be allowed. Programs must send the form's hidden field csrf along."
        )
    return form


def go(url: str) -> RedirectResponse:
    """On to another address with GET, and nothing kept (RFC 9700 §4.12 asks for 303 after a form)."""
    return redirect(url, status=303)
