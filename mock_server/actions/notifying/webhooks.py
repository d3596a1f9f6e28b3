"""Adds, lists, removes and tests a third party's webhooks."""

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.notifying.events import announce
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.events import EventType
from mock_server.domain.network.client_urls import is_web_address
from mock_server.domain.records import Webhook
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def add_webhook(
    sandbox: Sandbox,
    transaction: Transaction,
    client_id: str,
    url: str,
    *,
    event_types: tuple[EventType, ...] = (),
) -> Webhook:
    """Send a client's events to `url` from now on; no types means all. Raises InvalidClient, InvalidParameter."""
    if not is_web_address(url):
        raise InvalidParameter(
            f"The parameter url is {quoted(url)}. Send an absolute http or https URL without a fragment."
        )
    client = get_client(transaction, client_id)
    made = Webhook(
        id=transaction.next_number("webhook", first=1),
        client_id=client.id,
        url=url,
        event_types=event_types,
        created=transaction.now,
    )
    transaction.webhooks.add(made)
    return made


def list_webhooks(sandbox: Sandbox, transaction: Transaction, *, client_id: str | None) -> list[Webhook]:
    """One client's webhooks, or all if `client_id` is None; oldest first."""
    if client_id is None:
        return transaction.webhooks.list(order="id")
    return transaction.webhooks.list(order="id", client_id=client_id)


def remove_webhook(sandbox: Sandbox, transaction: Transaction, webhook_id: str) -> None:
    """Remove a webhook and cancel its pending events. Raises NotFound."""
    found = _get(transaction.webhooks.find(id=webhook_id), webhook_id)
    transaction.webhooks.remove(id=webhook_id)
    transaction.events.change({"client_id": found.client_id, "delivery_target": found.url}, due=None)


def ping_webhook(sandbox: Sandbox, transaction: Transaction, webhook_id: str) -> None:
    """Send the webhook a `ping`, even if it is not subscribed to that type. Raises NotFound."""
    found = _get(transaction.webhooks.find(id=webhook_id), webhook_id)
    announce(transaction, "ping", client_id=found.client_id, at=transaction.now, target=found.url)


def _get(found: Webhook | None, webhook_id: str) -> Webhook:
    if found is None:
        raise NotFound(f"There is no webhook {webhook_id[:40]!r}. GET /_mock/webhooks lists them.")
    return found
