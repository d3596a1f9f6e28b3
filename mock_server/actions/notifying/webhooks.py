"""Where third parties want events sent: added, listed, removed, tried out."""

from mock_server.actions.clients.find_client import get_client, shown
from mock_server.actions.notifying.events import announce
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.events import EventType
from mock_server.domain.network.client_urls import is_web_address
from mock_server.domain.records import Webhook
from mock_server.sandbox import Sandbox


def add_webhook(
    sandbox: Sandbox, client_id: str, url: str, *, event_types: tuple[EventType, ...] = ()
) -> Webhook:
    """Send a client's events there from now on; no types: all of them. Raises InvalidClient, InvalidParameter."""
    if not is_web_address(url):
        raise InvalidParameter(
            f"The parameter url cannot be used: {shown(url)} is no absolute http or https address without a fragment."
        )
    with sandbox.writing() as rows:
        client = get_client(rows, client_id)
        made = Webhook(
            id=rows.next_number("webhook", first=1),
            client_id=client.id,
            url=url,
            event_types=event_types,
            created=rows.now,
        )
        rows.webhooks.add(made)
        return made


def list_webhooks(sandbox: Sandbox, *, client_id: str | None) -> list[Webhook]:
    """One client's webhooks, or all where it is None; oldest first."""
    with sandbox.reading() as rows:
        if client_id is None:
            return rows.webhooks.list(order="id")
        return rows.webhooks.list(order="id", client_id=client_id)


def remove_webhook(sandbox: Sandbox, webhook_id: str) -> None:
    """Send nothing there any more, what is waiting included. Raises NotFound."""
    with sandbox.writing() as rows:
        found = _get(rows.webhooks.find(id=webhook_id), webhook_id)
        rows.webhooks.remove(id=webhook_id)
        rows.events.change({"client_id": found.client_id, "delivery_target": found.url}, due=None)


def ping_webhook(sandbox: Sandbox, webhook_id: str) -> None:
    """Send it a `ping`, whatever types it listens to. Raises NotFound."""
    with sandbox.writing() as rows:
        found = _get(rows.webhooks.find(id=webhook_id), webhook_id)
        announce(rows, "ping", client_id=found.client_id, at=rows.now, target=found.url)


def _get(found: Webhook | None, webhook_id: str) -> Webhook:
    if found is None:
        raise NotFound(f"There is no webhook {webhook_id[:40]!r}. GET /_mock/webhooks lists them.")
    return found
