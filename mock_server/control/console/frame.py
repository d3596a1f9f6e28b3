"""What the console's pages share: access check, navigation, redirects, errors."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from mock_server.control.guard import check_origin, refuse_where_off
from mock_server.domain.errors import MockServerError
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.http.bearer import bearer_token
from mock_server.http.browser import browser_or_new, form_token, go, remember_browser
from mock_server.http.context import Context, RequestContext
from mock_server.ui import page, problem_page

CONSOLE = "/_mock/console"
FORMS = "console"
KEY_COOKIE = "mock_server_control"

NAVIGATION = (
    ("Accounts", ("_mock", "console", "accounts")),
    ("Clients", ("_mock", "console", "clients")),
    ("Request log", ("_mock", "console", "exchanges")),
    ("Messages", ("_mock", "console", "messages")),
    ("Clock", ("_mock", "console", "clock")),
    ("Faults", ("_mock", "console", "faults")),
    ("Review", ("_mock", "console", "review")),
    ("Docs", ("_mock", "docs")),
)
"""Title and path of each page, in the order of the navigation."""


class KeyNeeded(MockServerError):
    """The control API requires a token that this browser has not sent."""

    code = "key_required"
    status = 401


async def check_browser(context: Context) -> None:
    """Raises Forbidden; KeyNeeded if a token is required and neither the cookie nor the header has it.

    The cookie opens the console's pages only: their forms carry a CSRF token. Calls of the control API have none, so
    they require the header, which pages of other sites cannot send.
    """
    settings = context.sandbox.settings
    check_origin(context)
    refuse_where_off(context)
    if settings.control_access == "token" and not _has_key(context, settings.control_token or ""):
        raise KeyNeeded("Enter the control token first.")


def pages(prefix: str) -> APIRouter:
    """A router for the pages under /_mock and this prefix."""
    return APIRouter(prefix=f"/_mock{prefix}", include_in_schema=False, dependencies=[Depends(check_browser)])


def _has_key(context: RequestContext, token: str) -> bool:
    if context.headers.get("authorization"):
        return equal_secrets(bearer_token(context), token)
    return equal_secrets(context.cookies.get(KEY_COOKIE, ""), key_of(token))


def key_of(token: str) -> str:
    """The cookie's value: a hash of the control token, which the control API does not accept."""
    return fingerprint(f"console:{token}")


def console_page(
    context: RequestContext,
    template: str,
    *,
    here: str = "",
    status: int = 200,
    script: str | None = None,
    **variables: Any,
) -> Response:
    """A page with the console's navigation. Sets the cookie that its forms require."""
    links, browser = context.links, browser_or_new(context)
    navigation = [
        {"title": title, "url": links.page(*path), "here": title == here} for title, path in NAVIGATION
    ]
    response = page(
        context,
        f"control/console/{template}",
        status=status,
        script=script,
        csrf=form_token(browser, FORMS),
        navigation=navigation,
        **variables,
    )
    remember_browser(context, response, browser)
    # With no-referrer, browsers send `Origin: null` with the form, and check_origin refuses that.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def to_wanted(context: RequestContext, path: str | None) -> RedirectResponse:
    """Redirect to the page that was requested before the token, which is always under /_mock."""
    _, *parts = (path or "").split("/")
    if parts[:1] != ["_mock"] or parts[1:] in ([], [""], ["console"]):
        return to_console(context, "accounts")
    return go(context.links.page(*parts))


def to_console(context: RequestContext, page_name: str) -> RedirectResponse:
    """Redirect to a page of the console."""
    return go(context.links.page("_mock", "console", page_name))


def render_error(context: RequestContext, error: MockServerError) -> Response:
    """Redirect to the token form if the token is missing, else render the error as a page."""
    if isinstance(error, KeyNeeded):
        key = context.links.page("_mock", "console", "key")
        wanted = urlencode({"to": context.path}, safe="/")
        return go(f"{key}?{wanted}" if context.method == "GET" else key)
    return problem_page(context, error, is_for_customers=False)
