"""Tests whether a webhook's receiver rejects a wrong signature."""

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.notifying.outbox import Outcome, PendingDelivery, record_probe
from mock_server.actions.notifying.webhooks import list_webhooks
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.records import Attempt, Event, Webhook
from mock_server.sandbox import Sandbox
from mock_server.webhooks.delivery import send
from mock_server.webhooks.requests import events_body
from mock_server.webhooks.signing import SALT_HEADER, SIGNATURE_HEADER


def probe_webhooks(sandbox: Sandbox, client_id: str) -> list[Attempt]:
    """Send every webhook of a client a `ping` whose signature is wrong; the review judges the answers.

    Raises InvalidClient, and InvalidParameter for a client without webhooks.
    """
    webhooks = sandbox.read(list_webhooks, client_id=client_id)
    if not webhooks:
        raise InvalidParameter(f"{client_id[:80]} has no webhook to probe. POST /_mock/webhooks adds one.")
    return [_probe(sandbox, webhook) for webhook in webhooks]


def _probe(sandbox: Sandbox, webhook: Webhook) -> Attempt:
    now = sandbox.clock.now()
    with sandbox.reading() as transaction:
        client = get_client(transaction, webhook.client_id)
    ping = Event(
        uid="0",
        type="ping",
        at=now,
        client_id=client.id,
        authorization_uid=None,
        meter_uid=None,
        form_uid=None,
        delivery_target=webhook.url,
        is_delivered=False,
        first_due=None,
        due=None,
    )
    forged = {SALT_HEADER: sandbox.random.secret()[:32], SIGNATURE_HEADER: sandbox.random.secret()}
    with sandbox.open_http() as http:
        request = http.build_request(
            "POST",
            webhook.url,
            content=events_body([ping]),
            headers={"Content-Type": "application/json", **forged},
        )
        answer = send(http, request)
    outcome = Outcome(status=answer.status, problem=answer.problem, seconds=answer.seconds, is_forged=True)
    delivery = PendingDelivery(kind="events", client=client, target=webhook.url, at=now, items=())
    return sandbox.write(record_probe, delivery, outcome)
