"""A third party's form: the customer chooses the utility, then continues as from the authorize endpoint."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.authorize import state_of
from mock_server.actions.forms.start_form import OpenedForm, open_form, start_form_request
from mock_server.domain.errors import MockServerError
from mock_server.http.browser import browser_or_new, go, remember_browser
from mock_server.http.context import Context, RequestContext
from mock_server.pages.end_request import redirect_with_error
from mock_server.pages.sign_in.prefill import try_prefilled
from mock_server.ui import page

router = APIRouter(prefix="/authorize", include_in_schema=False)


@router.get("/{portal}")
async def form(context: Context, portal: str) -> Response:
    """Start a request at a form; without a utility in the URL, the page offers the choice."""
    sandbox, query = context.sandbox, context.query
    opened = await sandbox.run(sandbox.read, open_form, portal, query, base=context.links.base)
    if (query.one("utility") or opened.utility) is None:
        return _choose(context, opened)
    try:
        return await _begin(context, opened)
    except MockServerError as error:
        if opened.redirect_uri is None or not error.may_redirect:
            raise
        return redirect_with_error(context, opened.redirect_uri, state_of(query), error)


def _choose(context: RequestContext, opened: OpenedForm) -> Response:
    utility, query = context.sandbox.fixtures.utility, context.query
    parameters = {
        name: query.one(name) or "" for name in ("f", "redirect_uri", "state", "noredirect", "email")
    }
    url = context.links.page("authorize", opened.template.portal)
    chosen = {**{name: value for name, value in parameters.items() if value}, "utility": utility.id}
    return page(
        context,
        "pages/form.html",
        client={"name": opened.client.company_name, "website": opened.client.website},
        utilities=[{"name": utility.name, "url": f"{url}?{urlencode(chosen)}"}],
    )


async def _begin(context: RequestContext, opened: OpenedForm) -> Response:
    sandbox, browser = context.sandbox, browser_or_new(context)
    started = await sandbox.run(sandbox.write, start_form_request, opened, context.query, browser=browser)
    await sandbox.run(sandbox.write, try_prefilled, started)
    response = go(context.links.connect(started.id))
    remember_browser(context, response, browser)
    return response
