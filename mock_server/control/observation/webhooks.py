"""Calls that manage webhooks, fire events, and list and repeat deliveries."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from mock_server.actions.notifying.events import fire, list_events
from mock_server.actions.notifying.outbox import list_attempts, list_waiting, send_again
from mock_server.actions.notifying.webhooks import add_webhook, list_webhooks, ping_webhook, remove_webhook
from mock_server.control.calls import calls
from mock_server.domain.events import EventType
from mock_server.domain.records import Attempt, Webhook
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.event_json import event_json

router = calls()


class NewWebhook(BaseModel):
    """Where to send which events of which client. Defaults: all event types, the default client."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=2000, examples=["http://localhost:5000/hook"])]
    events: list[EventType] = []
    client_id: str | None = None


class WebhookShape(BaseModel):
    """A webhook."""

    id: str
    client_id: str
    url: str
    events: list[EventType]
    created: datetime


class WebhookList(BaseModel):
    """All webhooks, oldest first."""

    webhooks: list[WebhookShape]


class NewEvent(BaseModel):
    """An event to fire now. Without a client, the default client."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[EventType, Field(examples=["meter_bills_added"])]
    client_id: str | None = None
    authorization_uid: Annotated[str | None, Field(max_length=40)] = None
    meter_uid: Annotated[str | None, Field(max_length=40)] = None
    form_uid: Annotated[str | None, Field(max_length=40)] = None


class EventList(BaseModel):
    """Events, newest first, in the format that webhooks receive."""

    events: list[dict[str, Any]]


class AttemptShape(BaseModel):
    """A delivery attempt. `items` are event uids or a notification's URLs; `problem` is set if there is no `status`."""

    kind: str
    client_id: str
    target: str
    items: list[str]
    at: datetime
    status: int | None
    problem: str | None


class Deliveries(BaseModel):
    """The delivery attempts, newest first, and how many events and notifications are pending."""

    attempts: list[AttemptShape]
    waiting: int
    next_due: datetime | None


@router.post("/webhooks", status_code=201)
async def add(context: Context, wish: NewWebhook) -> WebhookShape:
    """Send a client's future events to a URL."""
    sandbox = context.sandbox
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    added = await sandbox.run(
        sandbox.write, add_webhook, client_id, wish.url, event_types=tuple(dict.fromkeys(wish.events))
    )
    return _webhook(added)


@router.get("/webhooks")
async def read_webhooks(context: Context, client_id: str | None = None) -> WebhookList:
    """All webhooks, or those of a client."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_webhooks, client_id=client_id)
    return WebhookList(webhooks=[_webhook(one) for one in found])


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove(context: Context, webhook_id: str) -> None:
    """Send nothing there any more."""
    await context.sandbox.run(context.sandbox.write, remove_webhook, webhook_id)


@router.post("/webhooks/{webhook_id}/ping")
async def ping(context: Context, webhook_id: str) -> Deliveries:
    """Send a `ping`, and everything else that is due."""
    await context.sandbox.run(context.sandbox.write, ping_webhook, webhook_id)
    return await _deliver(context)


@router.get("/events")
async def read_events(context: Context, client_id: str | None = None) -> EventList:
    """The newest 1,000 events of all clients, or of one."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_events, client_id=client_id)
    return EventList(events=[event_json(one) for one in found])


@router.post("/events", status_code=201)
async def fire_event(context: Context, wish: NewEvent) -> EventList:
    """Fire an event that did not occur, and send it."""
    sandbox = context.sandbox
    fired = await sandbox.run(
        sandbox.write,
        fire,
        wish.type,
        client_id=wish.client_id or sandbox.fixtures.utility.default_client,
        authorization_uid=wish.authorization_uid,
        meter_uid=wish.meter_uid,
        form_uid=wish.form_uid,
    )
    await _deliver(context)
    return EventList(events=[event_json(event) for event in fired])


@router.post("/events/{uid}/redeliver")
async def redeliver(context: Context, uid: str) -> Deliveries:
    """Send an event again, delivered or not."""
    await context.sandbox.run(context.sandbox.write, send_again, uid)
    return await _deliver(context)


@router.get("/deliveries")
async def read_deliveries(context: Context) -> Deliveries:
    """The delivery attempts, and how many deliveries are pending."""
    sandbox = context.sandbox
    attempts = await sandbox.run(sandbox.read, list_attempts)
    waiting = await sandbox.run(sandbox.read, list_waiting)
    return Deliveries(
        attempts=[attempt_shape(attempt) for attempt in attempts],
        waiting=len(waiting),
        next_due=min((item.due for item in waiting if item.due), default=None),
    )


@router.post("/deliveries")
async def deliver_now(context: Context) -> Deliveries:
    """Send everything that is due now, without waiting for the background pass."""
    return await _deliver(context)


def attempt_shape(one: Attempt) -> AttemptShape:
    """A delivery attempt, as the control API returns it."""
    return AttemptShape(
        kind=one.kind,
        client_id=one.client_id,
        target=one.delivery_target,
        items=list(one.items),
        at=one.at,
        status=one.status,
        problem=one.problem,
    )


def _webhook(webhook: Webhook) -> WebhookShape:
    return WebhookShape(
        id=webhook.id,
        client_id=webhook.client_id,
        url=webhook.url,
        events=list(webhook.event_types),
        created=webhook.created,
    )


async def _deliver(context: RequestContext) -> Deliveries:
    await run_in_threadpool(context.services.catch_up, context.sandbox)
    return await read_deliveries(context)
