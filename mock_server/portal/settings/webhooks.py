"""The settings forms for webhooks: add with a choice of events, ping, remove."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.actions.notifying.webhooks import add_webhook, list_webhooks, ping_webhook, remove_webhook
from mock_server.domain.errors import InvalidRequest, NotFound
from mock_server.domain.events import EVENT_TYPES
from mock_server.domain.oauth.registration import mistake_in
from mock_server.http.browser import go
from mock_server.http.context import Context
from mock_server.portal.settings.changes import done, visit_and_form
from mock_server.portal.settings.settings_page import Trouble, settings_page
from mock_server.portal.visit import at

router = APIRouter(prefix="/settings/webhooks", include_in_schema=False)


@router.post("")
async def add(context: Context) -> Response:
    """Add a webhook. Without chosen events, it gets all events."""
    visit, form = await visit_and_form(context)
    url, chosen = (form.one("url") or "").strip(), form.all("events")
    if mistake := mistake_in("website", url):
        trouble = Trouble(section="webhooks", sentence=mistake, sent=form)
        return await settings_page(context, visit, trouble=trouble)
    types = tuple(event_type for event_type in EVENT_TYPES if event_type in chosen)
    return await done(context, visit, form, "webhooks", "webhook", add_webhook, url=url, event_types=types)


@router.post("/{webhook_id}")
async def change(context: Context, webhook_id: str) -> Response:
    """Ping or remove a webhook. Raises NotFound for a webhook of another client."""
    visit, form = await visit_and_form(context)
    sandbox = context.sandbox
    own = await sandbox.run(sandbox.read, list_webhooks, client_id=visit.client.id)
    if all(webhook.id != webhook_id for webhook in own):
        raise NotFound("This webhook no longer exists.")
    match form.one("decision"):
        case "ping":
            await sandbox.run(sandbox.write, ping_webhook, webhook_id)
            await run_in_threadpool(context.services.catch_up, sandbox)
            saved = "ping"
        case "remove":
            await sandbox.run(sandbox.write, remove_webhook, webhook_id)
            saved = "webhook-removed"
        case _:
            raise InvalidRequest("The decision must be ping or remove.")
    return go(f"{at(context, visit, 'settings', saved=saved)}#webhooks")
