"""Calls for webhooks and deliveries: added, tested, removed; events fired and sent again."""

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
    """Where to send events, and which; without types all, without a client those of the default one."""

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
    """An event to fire, as if it had happened just now."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[EventType, Field(examples=["meter_bills_added"])]
    client_id: str | None = None
    authorization_uid: Annotated[str | None, Field(max_length=40)] = None
    meter_uid: Annotated[str | None, Field(max_length=40)] = None
    form_uid: Annotated[str | None, Field(max_length=40)] = None


class EventList(BaseModel):
    """Events, newest first, as webhooks carry them."""

    events: list[dict[str, Any]]


class AttemptShape(BaseModel):
    """A try to deliver: events by uid, or a notification's addresses; the answer's status, or the problem."""

    kind: str
    client_id: str
    target: str
    items: list[str]
    at: datetime
    status: int | None
    problem: str | None


class Deliveries(BaseModel):
    """What was tried, newest first, and how many events and notifications wait."""

    attempts: list[AttemptShape]
    waiting: int
    next_due: datetime | None


@router.post("/webhooks", status_code=201)
async def add(context: Context, wish: NewWebhook) -> WebhookShape:
    """Send a client's events to an address from now on."""
    sandbox = context.sandbox
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    made = await sandbox.run(
        sandbox.write, add_webhook, client_id, wish.url, event_types=tuple(dict.fromkeys(wish.events))
    )
    return _webhook(made)


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
    """Fire an event that did not happen, and send it."""
    sandbox = context.sandbox
    made = await sandbox.run(
        sandbox.write,
        fire,
        wish.type,
        client_id=wish.client_id or sandbox.fixtures.utility.default_client,
        authorization_uid=wish.authorization_uid,
        meter_uid=wish.meter_uid,
        form_uid=wish.form_uid,
    )
    await _deliver(context)
    return EventList(events=[event_json(one) for one in made])


@router.post("/events/{uid}/redeliver")
async def redeliver(context: Context, uid: str) -> Deliveries:
    """Send an event again, delivered or not."""
    await context.sandbox.run(context.sandbox.write, send_again, uid)
    return await _deliver(context)


@router.get("/deliveries")
async def read_deliveries(context: Context) -> Deliveries:
    """What was tried, and what waits."""
    sandbox = context.sandbox
    attempts = await sandbox.run(sandbox.read, list_attempts)
    waiting = await sandbox.run(sandbox.read, list_waiting)
    return Deliveries(
        attempts=[attempt_shape(one) for one in attempts],
        waiting=len(waiting),
        next_due=min((one.due for one in waiting if one.due), default=None),
    )


@router.post("/deliveries")
async def deliver_now(context: Context) -> Deliveries:
    """Send all that is due, without waiting for the second to pass."""
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


def _webhook(one: Webhook) -> WebhookShape:
    return WebhookShape(
        id=one.id, client_id=one.client_id, url=one.url, events=list(one.event_types), created=one.created
    )


async def _deliver(context: RequestContext) -> Deliveries:
    await run_in_threadpool(context.services.catch_up, context.sandbox)
    return await read_deliveries(context)
