"""A third party's form: the customer says which utility it is, then goes on as from the authorize endpoint."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from mock_server.actions.connecting.authorize import state_of
from mock_server.actions.forms.start_form import OpenedForm, open_form, start_form_request
from mock_server.domain.errors import MockServerError
from mock_server.http.browser import browser_or_new, go, remember_browser
from mock_server.http.surface import links_of, query_of, sandbox_of
from mock_server.pages.end_request import redirect_with_error
from mock_server.pages.sign_in.prefill import try_prefilled
from mock_server.ui import page

router = APIRouter(prefix="/authorize", include_in_schema=False)


@router.get("/{portal}")
async def form(request: Request, portal: str) -> Response:
    """Begin at a form; without a utility in its address the page asks for one."""
    sandbox, query = sandbox_of(request), query_of(request)
    opened = await sandbox.run(open_form, sandbox, portal, query, base=links_of(request).base)
    if (query.one("utility") or opened.utility) is None:
        return _choose(request, opened)
    try:
        return await _begin(request, opened)
    except MockServerError as error:
        if opened.redirect_uri is None or not error.may_redirect:
            raise
        return redirect_with_error(request, opened.redirect_uri, state_of(query), error)


def _choose(request: Request, opened: OpenedForm) -> Response:
    utility, query = sandbox_of(request).fixtures.utility, query_of(request)
    kept = {name: query.one(name) or "" for name in ("f", "redirect_uri", "state", "noredirect", "email")}
    address = links_of(request).page("authorize", opened.template.portal)
    chosen = {**{name: value for name, value in kept.items() if value}, "utility": utility.id}
    return page(
        request,
        "pages/form.html",
        client={"name": opened.client.company_name, "website": opened.client.website},
        utilities=[{"name": utility.name, "url": f"{address}?{urlencode(chosen)}"}],
    )


async def _begin(request: Request, opened: OpenedForm) -> Response:
    sandbox, browser = sandbox_of(request), browser_or_new(request)
    started = await sandbox.run(start_form_request, sandbox, opened, query_of(request), browser=browser)
    await sandbox.run(try_prefilled, sandbox, started)
    response = go(links_of(request).connect(started.id))
    remember_browser(request, response, browser)
    return response
