"""The clients page: credentials, and buttons to approve a client and switch its mode."""

from starlette.responses import Response

from mock_server.actions.clients.approve import approve_client, set_mode
from mock_server.actions.clients.find_client import list_clients
from mock_server.control.console.frame import FORMS, console_page, pages, to_console
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.records import Client, Mode
from mock_server.http.browser import checked_form
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

router = pages("/console/clients")

_MODES: tuple[Mode, ...] = ("sandbox", "live")


@router.get("")
async def show(context: Context) -> Response:
    """All clients, the default client first."""
    sandbox, links = context.sandbox, context.links
    return console_page(
        context,
        "clients.html",
        here="Clients",
        script="copy.js",
        registrations_url=links.page("_mock", "registrations"),
        clients=[_card(client, links) for client in await sandbox.run(sandbox.read, _list_clients)],
    )


@router.post("/{client_id}/approve")
async def approve(context: Context, client_id: str) -> Response:
    """Approve a client, as the utility would after its review."""
    await checked_form(context, FORMS)
    sandbox, links = context.sandbox, context.links
    await sandbox.run(sandbox.write, approve_client, client_id, settings_link=links.browser("settings"))
    return to_console(context, "clients")


@router.post("/{client_id}/mode")
async def switch(context: Context, client_id: str) -> Response:
    """Switch a client to live mode, which also approves it, or back to sandbox mode."""
    form, sandbox = await checked_form(context, FORMS), context.sandbox
    mode = next((known for known in _MODES if known == form.one("mode")), None)
    if mode is None:
        raise InvalidParameter("`mode` must be sandbox or live.")
    await sandbox.run(sandbox.write, set_mode, client_id, mode)
    return to_console(context, "clients")


def _list_clients(sandbox: Sandbox, transaction: Transaction) -> list[Client]:
    return list_clients(transaction, first=sandbox.fixtures.utility.default_client)


def _card(client: Client, links: Links) -> dict[str, object]:
    uris = [uri.replace("{base}", links.base) for uri in client.redirect_uris]
    place = ("_mock", "console", "clients", client.id)
    return {
        "name": client.company_name,
        "mode": client.mode,
        "other_mode": "sandbox" if client.mode == "live" else "live",
        "is_approved": client.approved is not None,
        "facts": [
            ("client_id", client.id),
            ("client_secret", client.secret or "none: a public client, which uses PKCE"),
            ("JSON API token", client.api_token or "none"),
            ("Registration access token", client.registration_access_token),
            ("Webhook secret", client.webhook_secret),
            ("Notify URI", client.notify_uri or "none"),
        ],
        "redirect_uris": uris + (["any loopback address"] if client.allows_loopback else []),
        "dashboard_url": f"{links.page('dashboard')}?client_id={client.id}",
        "approve_action": links.page(*place, "approve"),
        "mode_action": links.page(*place, "mode"),
    }
