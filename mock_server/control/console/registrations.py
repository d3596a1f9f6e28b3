"""The registrations page, pending approvals first."""

from zoneinfo import ZoneInfo

from starlette.responses import Response

from mock_server.actions.clients.approve import approve_client
from mock_server.actions.clients.find_client import list_clients
from mock_server.control.console.frame import FORMS, console_page, pages
from mock_server.domain.records import Client
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import day_in_words

router = pages("/registrations")


@router.get("")
async def show(context: Context) -> Response:
    """All registrations."""
    sandbox, links = context.sandbox, context.links
    clients, zone = (
        await sandbox.run(sandbox.read, _sorted_clients),
        ZoneInfo(sandbox.fixtures.utility.time_zone),
    )
    return console_page(
        context,
        "registrations.html",
        here="Clients",
        registrations=[
            {
                "client": client,
                "use": client.scopes_of_use[0],
                "since": day_in_words(client.created, zone),
                "approved": day_in_words(client.approved, zone) if client.approved else None,
                "action": links.page("_mock", "registrations", client.id, "approve"),
            }
            for client in clients
        ],
    )


@router.post("/{client_id}/approve")
async def approve(context: Context, client_id: str) -> Response:
    """Approve a registration, as POST /_mock/clients/{client_id}/approve does."""
    await checked_form(context, FORMS)
    sandbox, links = context.sandbox, context.links
    await sandbox.run(sandbox.write, approve_client, client_id, settings_link=links.browser("settings"))
    return go(links.page("_mock", "registrations"))


def _sorted_clients(sandbox: Sandbox, transaction: Transaction) -> list[Client]:
    """Pending clients, then approved ones, newest first within each."""
    clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    return sorted(clients, key=lambda client: (client.approved is not None, -client.created.timestamp()))
