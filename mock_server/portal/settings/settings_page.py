"""The settings page with its forms; `changes` and `webhooks` handle them."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.notifying.outbox import list_attempts
from mock_server.actions.notifying.webhooks import list_webhooks
from mock_server.domain.events import EVENT_TYPES, MEANINGS
from mock_server.domain.records import Attempt, Client, Webhook
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import Context, RequestContext
from mock_server.portal.visit import Visit, at, portal_page, visit_of
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

router = APIRouter(include_in_schema=False)

SECRETS = {
    "secret": ("Client secret", "Your server sends it with the client id to the token endpoint."),
    "api_token": ("JSON API token", "The bearer token of the JSON API, for all your authorizations."),
    "registration_access_token": ("Registration access token", "Reads and changes your registration."),
    "webhook_secret": ("Webhook secret", "Signs the events that we send to your webhooks."),
}
# The confirmation that the page displays after a change.
SAVED = {
    "addresses": "The URLs are saved.",
    "use": "The scope of use is saved.",
    "use-removed": "The scope of use is removed.",
    "live": "You are in live mode: every customer can authorize you now.",
    "sandbox": "You are in sandbox mode: only test accounts can authorize you now.",
    "webhook": "The webhook is added.",
    "webhook-removed": "The webhook is removed.",
    "ping": "A ping was sent. See the result below.",
}
_ATTEMPTS_LISTED = 5


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An invalid form: its section of the page, the error, and the values that were sent."""

    section: str
    sentence: str
    sent: Parameters


@router.get("/settings")
async def read_settings(context: Context) -> Response:
    """The settings of the visit's client."""
    visit = await visit_of(context, private=True)
    return await settings_page(context, visit)


async def settings_page(
    context: RequestContext,
    visit: Visit,
    *,
    trouble: Trouble | None = None,
    new_secret: tuple[str, str] | None = None,
) -> Response:
    """The page. `new_secret` is (kind, value); no later page displays the value."""
    sandbox, links, client = context.sandbox, context.links, visit.client
    webhooks, attempts = await sandbox.run(sandbox.read, _read, client.id)
    sent = trouble.sent if trouble else Parameters({})
    uris = "\n".join(uri.replace("{base}", links.base) for uri in client.redirect_uris)
    return portal_page(
        context,
        visit,
        "portal/settings.html",
        here="settings",
        status=422 if trouble else 200,
        saved=SAVED.get(context.query.one("saved") or ""),
        trouble={"section": trouble.section, "sentence": trouble.sentence} if trouble else None,
        client=client,
        changes={
            name: at(context, visit, "settings", name)
            for name in ("mode", "addresses", "uses", "secrets", "webhooks")
        },
        addresses=[
            {"label": "Authorize", "value": links.authorize},
            {"label": "Token", "value": links.token},
            {"label": "Green Button", "value": links.resource()},
            {"label": "JSON API", "value": links.api()},
        ],
        secrets=_secrets(client, new_secret),
        redirect_uris=sent.one("redirect_uris") or uris,
        notify_uri=(sent.one("notify_uri") if trouble else client.notify_uri) or "",
        uses=[*client.scopes_of_use, None],
        sent_use={
            "id": sent.one("use_id") or "",
            **{name: sent.one(name) or "" for name in ("title", "text", "terms_url")},
        },
        webhook={"url": sent.one("url") or "", "events": sent.all("events")},
        webhooks=[
            {
                "url": registered.url,
                "events": registered.event_types,
                "action": at(context, visit, "settings", "webhooks", registered.id),
            }
            for registered in webhooks
        ],
        attempts=attempts,
        event_types=[
            {"name": event_type, "meaning": MEANINGS[event_type]}
            for event_type in EVENT_TYPES
            if event_type != "ping"
        ],
    )


def _read(sandbox: Sandbox, transaction: Transaction, client_id: str) -> tuple[list[Webhook], list[Attempt]]:
    attempts = [attempt for attempt in list_attempts(sandbox, transaction) if attempt.client_id == client_id]
    return list_webhooks(sandbox, transaction, client_id=client_id), attempts[:_ATTEMPTS_LISTED]


def _secrets(client: Client, new_secret: tuple[str, str] | None) -> list[dict[str, Any]]:
    new_kind, value = new_secret or (None, None)
    return [
        {
            "kind": kind,
            "label": label,
            "about": about,
            "value": value if kind == new_kind else None,
            "ending": getattr(client, kind)[-4:],
        }
        for kind, (label, about) in SECRETS.items()
        if kind != "secret" or client.has_secret
    ]
