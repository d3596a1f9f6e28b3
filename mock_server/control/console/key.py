"""Where control wants a token: a person gives it once, and a cookie for these pages alone remembers it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.console.frame import FORMS, KEY_COOKIE, console_page, key_of, to_console, to_wanted
from mock_server.control.guard import check_origin, refuse_where_off
from mock_server.domain.randomness import equal_secrets
from mock_server.http.browser import checked_form
from mock_server.http.header_fields import set_cookie
from mock_server.http.surface import links_of, query_of, raw_query, sandbox_of

router = APIRouter(prefix="/_mock", include_in_schema=False)


@router.get("")
@router.get("/")
@router.get("/console")
async def begin(request: Request) -> Response:
    """On to the first of the pages."""
    return to_console(request, "accounts")


@router.get("/console/key")
async def ask(request: Request) -> Response:
    """The form for the token; where none is wanted, on to the pages."""
    _check(request)
    if sandbox_of(request).settings.control_access == "open":
        return to_wanted(request, query_of(request).one("to"))
    return _form(request, mistake=None)


@router.post("/console/key")
async def give(request: Request) -> Response:
    """Check the token. The cookie goes along with requests from pages of ours only (SameSite=Strict)."""
    _check(request)
    form = await checked_form(request, FORMS)
    token = sandbox_of(request).settings.control_token or ""
    if not token or not equal_secrets(form.one("token") or "", token):
        return _form(request, mistake="This is not the value of MOCK_SERVER_CONTROL_TOKEN.")
    response = to_wanted(request, query_of(request).one("to"))
    path = links_of(request).page("_mock")
    set_cookie(request, response, KEY_COOKIE, key_of(token), path=path, samesite="strict")
    return response


@router.post("/console/key/forget")
async def forget(request: Request) -> Response:
    """Take the cookie back."""
    _check(request)
    await checked_form(request, FORMS)
    response = to_console(request, "key")
    response.delete_cookie(KEY_COOKIE, path=links_of(request).page("_mock"))
    return response


def _check(request: Request) -> None:
    check_origin(request)
    refuse_where_off(request)


def _form(request: Request, *, mistake: str | None) -> Response:
    sent = raw_query(request)  # the page that was wanted, which the form brings along
    return console_page(
        request,
        "key.html",
        status=422 if mistake else 200,
        action=f"{links_of(request).page('_mock', 'console', 'key')}{f'?{sent}' if sent else ''}",
        mistake=mistake,
    )
