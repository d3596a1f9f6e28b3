"""Stores the demo's runs between requests, sealed for one browser.

The browser is known by a cookie of the demo's own: that of the utility's pages is another once the customer signed in.
"""

from starlette.responses import Response

from mock_server.actions.clients.demo_runs import find_run, keep_run
from mock_server.domain.errors import Forbidden, NotFound
from mock_server.http.browser import secret_of
from mock_server.http.context import RequestContext
from mock_server.http.responses.header_fields import set_cookie
from mock_server.portal.demo.run import Run, seal, unseal

COOKIE = "mock_server_demo"


def key_of(context: RequestContext) -> str:
    """What opens this browser's runs; empty for a browser that has begun none."""
    return secret_of(context, COOKIE)


def hand_out(context: RequestContext, response: Response, key: str) -> None:
    """Give the browser its key. Lax, so that it comes along when the utility's page leads back."""
    set_cookie(context, response, context.cookie_name(COOKIE), key, path=context.links.demo())


async def keep(context: RequestContext, run: Run, key: str) -> None:
    """Remember the run as it is now."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, keep_run, run.id, seal(run, key))


async def open_run(context: RequestContext, run_id: str) -> Run:
    """The run of that id. Raises NotFound where it is forgotten, Forbidden for another browser's."""
    sandbox = context.sandbox
    sealed = await sandbox.run(sandbox.read, find_run, run_id)
    if sealed is None:
        raise NotFound(
            "The demo does not remember this: nothing was begun with this state, or a reset of the server or a day has "
            "passed since. A client refuses an answer whose state it does not know, because somebody else may "
            "have made it up. Start again from the demo's first page."
        )
    run = unseal(sealed, key_of(context))
    if run is None:
        raise Forbidden(
            "This was begun in another browser. A client binds the state to the browser that it sent away, and refuses "
            "the answer anywhere else: or somebody could slip you an authorization that is not yours."
        )
    return run
