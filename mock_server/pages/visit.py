"""The saved request of a page in the customer's flow, and its client."""

from dataclasses import dataclass
from typing import Any

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.connecting.authorize import get_request
from mock_server.domain.errors import Conflict
from mock_server.domain.oauth.authorization_flow import Step, next_step
from mock_server.domain.oauth.redirect_uris import origin_of
from mock_server.domain.records import AuthorizationRequest, Client
from mock_server.http.browser import browser_of, form_token
from mock_server.http.context import RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request of this browser, its client, and its form token."""

    request: AuthorizationRequest
    client: Client
    csrf: str

    @property
    def form_targets(self) -> list[str]:
        """The origins outside this server to which the flow's forms may redirect."""
        return [origin_of(self.request.redirect_uri)] if self.request.redirect_uri else []


async def visit_of(context: RequestContext, request_id: str, *, at: tuple[Step, ...] = ()) -> Visit:
    """The visit. Raises NotFound for another browser's request, Conflict if its next step is not in `at`."""
    sandbox = context.sandbox
    visit = await sandbox.run(sandbox.read, _read, request_id, browser_of(context))
    context.note_client(visit.client.id)
    if at and next_step(visit.request) not in at:
        raise Conflict(
            "You have already completed this step, or it comes later. Continue on the current page, or start again "
            "from the company that sent you here."
        )
    return visit


def _read(sandbox: Sandbox, transaction: Transaction, request_id: str, browser: str) -> Visit:
    request = get_request(sandbox, transaction, request_id, browser=browser)
    client = get_client(transaction, request.client_id)
    return Visit(request=request, client=client, csrf=form_token(browser, request_id))


def shared_context(context: RequestContext, visit: Visit) -> dict[str, Any]:
    """The variables that every template of the flow uses."""
    links = context.links
    return {
        "client": {"name": visit.client.company_name, "website": visit.client.website},
        "csrf": visit.csrf,
        "cancel_action": links.connect(visit.request.id, "cancel"),
    }
