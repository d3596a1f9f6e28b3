"""The settings forms: mode, secrets, URLs, scopes of use."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.clients.approve import switch_mode
from mock_server.actions.clients.client_settings import (
    SECRET_KINDS,
    change_addresses,
    keep_scope_of_use,
    remove_scope_of_use,
    rotate,
)
from mock_server.domain.errors import Forbidden, InvalidParameter, InvalidRequest
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.portal.settings.settings_page import Trouble, settings_page
from mock_server.portal.visit import FORMS, Visit, at, visit_of

router = APIRouter(prefix="/settings", include_in_schema=False)


@router.post("/mode")
async def change_mode(context: Context) -> Response:
    """Switch to live mode, if the utility has approved the client, or back to sandbox mode."""
    visit, form = await visit_and_form(context)
    mode = form.one("mode")
    if mode not in ("live", "sandbox"):
        raise InvalidRequest("The mode must be live or sandbox.")
    return await done(context, visit, form, "mode", mode, switch_mode, mode=mode)


@router.post("/secrets")
async def change_secret(context: Context) -> Response:
    """Replace a secret. Only this response displays the new one."""
    visit, form = await visit_and_form(context)
    kind = next((known for known in SECRET_KINDS if known == form.one("kind")), None)
    if kind is None:
        raise InvalidRequest("There is no secret of this kind. Use the buttons on the settings page.")
    sandbox = context.sandbox
    new_secret = await sandbox.run(sandbox.write, rotate, visit.client.id, kind)
    visit = await visit_of(context, private=True)
    return await settings_page(context, visit, new_secret=(kind, new_secret))


@router.post("/addresses")
async def change_addresses_(context: Context) -> Response:
    """Replace the redirect URIs (one per line) and the notify URI."""
    visit, form = await visit_and_form(context)
    uris = _redirect_uris(visit.client, form.one("redirect_uris") or "", context.links.base)
    return await done(
        context,
        visit,
        form,
        "addresses",
        "addresses",
        change_addresses,
        redirect_uris=uris,
        notify_uri=(form.one("notify_uri") or "").strip() or None,
    )


@router.post("/uses")
async def change_use(context: Context) -> Response:
    """Change, add or remove one scope of use."""
    visit, form = await visit_and_form(context)
    use_id = form.one("use_id")
    if form.one("decision") == "remove":
        remove = remove_scope_of_use
        return await done(context, visit, form, "uses", "use-removed", remove, use_id=use_id or "")
    return await done(
        context,
        visit,
        form,
        "uses",
        "use",
        keep_scope_of_use,
        use_id=use_id,
        title=(form.one("title") or "").strip(),
        text=(form.one("text") or "").replace("\r\n", "\n").strip(),
        terms_url=(form.one("terms_url") or "").strip() or None,
    )


async def visit_and_form(context: RequestContext) -> tuple[Visit, Parameters]:
    """The visit and the posted form. Raises LogInNeeded, and Forbidden for an invalid form token."""
    visit = await visit_of(context, private=True)
    return visit, await checked_form(context, FORMS)


async def done(
    context: RequestContext,
    visit: Visit,
    form: Parameters,
    section: str,
    saved: str,
    action: Callable[..., object],
    **about: Any,  # the action's keyword arguments
) -> Response:
    """Run the action and redirect to the settings with a confirmation, or display the page with the error."""
    sandbox = context.sandbox
    try:
        await sandbox.run(sandbox.write, action, visit.client.id, **about)
    except (InvalidParameter, Forbidden) as error:
        trouble = Trouble(section=section, sentence=error.message, sent=form)
        return await settings_page(context, visit, trouble=trouble)
    return go(f"{at(context, visit, 'settings', saved=saved)}#{section}")


def _redirect_uris(client: Client, typed: str, base: str) -> tuple[str, ...]:
    """The typed URIs. A URI on this server keeps its {base} placeholder, so it works under any host name."""
    stored = {uri.replace("{base}", base): uri for uri in client.redirect_uris}
    return tuple(stored.get(line, line) for line in typed.split())
