"""Stores the demo's runs between requests, each encrypted for one browser.

The demo has its own cookie, because the cookie of the utility's pages changes when the customer signs in.
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
    """The secret that decrypts this browser's runs; empty if it has not started any."""
    return secret_of(context, COOKIE)


def hand_out(context: RequestContext, response: Response, key: str) -> None:
    """Set the browser's key as a cookie. SameSite is lax, because the utility redirects back to the demo."""
    set_cookie(context, response, context.cookie_name(COOKIE), key, path=context.links.demo())


async def keep(context: RequestContext, run: Run, key: str) -> None:
    """Store the run."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, keep_run, run.id, seal(run, key))


async def open_run(context: RequestContext, run_id: str) -> Run:
    """The run with this id. Raises NotFound if it is not stored, Forbidden for another browser's run."""
    sandbox = context.sandbox
    sealed = await sandbox.run(sandbox.read, find_run, run_id)
    if sealed is None:
        raise NotFound(
            "The demo has no run with this state: none was started, the server was reset, or more than a day has "
            "passed. A client rejects a callback with an unknown state, because an attacker may have forged it. "
            "Start again from the demo's first page."
        )
    run = unseal(sealed, key_of(context))
    if run is None:
        raise Forbidden(
            "This run was started in another browser. A client binds the state to the browser that it redirected, and "
            "rejects the callback in any other. Otherwise an attacker could give you another customer's authorization."
        )
    return run
