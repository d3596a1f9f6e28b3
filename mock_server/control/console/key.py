"""The form for the control token, and the cookie that stores its hash."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.control.console.frame import FORMS, KEY_COOKIE, console_page, key_of, to_console, to_wanted
from mock_server.control.guard import check_origin, refuse_where_off
from mock_server.domain.randomness import equal_secrets
from mock_server.http.browser import checked_form
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.header_fields import set_cookie

router = APIRouter(prefix="/_mock", include_in_schema=False)


@router.get("")
@router.get("/")
@router.get("/console")
async def begin(context: Context) -> Response:
    """Redirect to the first page."""
    return to_console(context, "accounts")


@router.get("/console/key")
async def ask(context: Context) -> Response:
    """The form for the token, or a redirect if none is required."""
    _check(context)
    if context.sandbox.settings.control_access == "open":
        return to_wanted(context, context.query.one("to"))
    return _form(context, mistake=None)


@router.post("/console/key")
async def give(context: Context) -> Response:
    """Check the token and set the cookie, which pages of other sites cannot use (SameSite=Strict)."""
    _check(context)
    form = await checked_form(context, FORMS)
    token = context.sandbox.settings.control_token or ""
    if not token or not equal_secrets(form.one("token") or "", token):
        return _form(context, mistake="Wrong token. Enter the value of MOCK_SERVER_CONTROL_TOKEN.")
    response = to_wanted(context, context.query.one("to"))
    path = context.links.page("_mock")
    set_cookie(context, response, KEY_COOKIE, key_of(token), path=path, samesite="strict")
    return response


@router.post("/console/key/forget")
async def forget(context: Context) -> Response:
    """Delete the cookie."""
    _check(context)
    await checked_form(context, FORMS)
    response = to_console(context, "key")
    response.delete_cookie(KEY_COOKIE, path=context.links.page("_mock"))
    return response


def _check(context: RequestContext) -> None:
    check_origin(context)
    refuse_where_off(context)


def _form(context: RequestContext, *, mistake: str | None) -> Response:
    query = context.raw_query  # names the page that was requested first
    return console_page(
        context,
        "key.html",
        status=422 if mistake else 200,
        action=f"{context.links.page('_mock', 'console', 'key')}{f'?{query}' if query else ''}",
        mistake=mistake,
    )
