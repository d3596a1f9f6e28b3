"""Webhooks and what was sent to them: added, tried out, removed; events fired and sent again; attempts listed."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from mock_server.actions.notifying.events import fire, list_events
from mock_server.actions.notifying.outbox import list_attempts, list_waiting, send_again
from mock_server.actions.notifying.webhooks import add_webhook, list_webhooks, ping_webhook, remove_webhook
from mock_server.control.calls import calls
from mock_server.domain.events import EventType
from mock_server.domain.records import Attempt, Webhook
from mock_server.http.event_json import event_json
from mock_server.http.surface import sandbox_of

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
async def add(request: Request, wish: NewWebhook) -> WebhookShape:
    """Send a client's events to an address from now on."""
    sandbox = sandbox_of(request)
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    made = await sandbox.run(
        add_webhook, sandbox, client_id, wish.url, event_types=tuple(dict.fromkeys(wish.events))
    )
    return _webhook(made)


@router.get("/webhooks")
async def read_webhooks(request: Request, client_id: str | None = None) -> WebhookList:
    """All webhooks, or those of a client."""
    sandbox = sandbox_of(request)
    found = await sandbox.run(list_webhooks, sandbox, client_id=client_id)
    return WebhookList(webhooks=[_webhook(one) for one in found])


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove(request: Request, webhook_id: str) -> None:
    """Send nothing there any more."""
    await sandbox_of(request).run(remove_webhook, sandbox_of(request), webhook_id)


@router.post("/webhooks/{webhook_id}/ping")
async def ping(request: Request, webhook_id: str) -> Deliveries:
    """Send it a `ping`, and whatever else is due."""
    await sandbox_of(request).run(ping_webhook, sandbox_of(request), webhook_id)
    return await _deliver(request)


@router.get("/events")
async def read_events(request: Request, client_id: str | None = None) -> EventList:
    """The newest 1,000 events of all clients, or of one."""
    sandbox = sandbox_of(request)
    found = await sandbox.run(list_events, sandbox, client_id=client_id)
    return EventList(events=[event_json(one) for one in found])


@router.post("/events", status_code=201)
async def fire_event(request: Request, wish: NewEvent) -> EventList:
    """Fire an event that did not happen, and send it."""
    sandbox = sandbox_of(request)
    about = wish.model_dump(exclude={"type", "client_id"})
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    made = await sandbox.run(fire, sandbox, wish.type, client_id=client_id, **about)
    await _deliver(request)
    return EventList(events=[event_json(one) for one in made])


@router.post("/events/{uid}/redeliver")
async def redeliver(request: Request, uid: str) -> Deliveries:
    """Send an event again, delivered or not."""
    await sandbox_of(request).run(send_again, sandbox_of(request), uid)
    return await _deliver(request)


@router.get("/deliveries")
async def read_deliveries(request: Request) -> Deliveries:
    """What was tried, and what waits."""
    sandbox = sandbox_of(request)
    attempts = await sandbox.run(list_attempts, sandbox)
    waiting = await sandbox.run(list_waiting, sandbox)
    return Deliveries(
        attempts=[attempt_shape(one) for one in attempts],
        waiting=len(waiting),
        next_due=min((one.due for one in waiting if one.due), default=None),
    )


@router.post("/deliveries")
async def deliver_now(request: Request) -> Deliveries:
    """Send all that is due, without waiting for the second to pass."""
    return await _deliver(request)


def attempt_shape(one: Attempt) -> AttemptShape:
    """An attempt as the control API tells it."""
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


async def _deliver(request: Request) -> Deliveries:
    await run_in_threadpool(request.app.state.catch_up, sandbox_of(request))
    return await read_deliveries(request)
