"""The pages of the one-time code: choose a channel, enter the code. MOST_ATTEMPTS wrong codes lock the sign-in."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.sign_in import (
    CODE_DIGITS,
    MOST_ATTEMPTS,
    ONE_TIME_CODE_LIFETIME,
    check_code,
    get_customer,
    send_code,
)
from mock_server.actions.notifying.messages import list_messages
from mock_server.domain.errors import AccessDenied, InvalidRequest
from mock_server.domain.records import Channel, Customer
from mock_server.domain.time.durations import in_words
from mock_server.http.browser import checked_form, go, renew_browser
from mock_server.http.context import Context, RequestContext
from mock_server.pages.end_request import redirect_with_error
from mock_server.pages.visit import Visit, shared_context, visit_of
from mock_server.ui import page

router = APIRouter(prefix="/connect", include_in_schema=False)

CHANNELS: tuple[tuple[Channel, str], ...] = (
    ("text", "Text message"),
    ("call", "Phone call"),
    ("email", "Email"),
)


@router.get("/{request_id}/code")
async def ask(context: Context, request_id: str) -> Response:
    """The choice of channels and, after a code was sent, the field for it."""
    visit = await visit_of(context, request_id, at=("code",))
    return await _form(context, visit)


@router.post("/{request_id}/code/send")
async def send(context: Context, request_id: str) -> Response:
    """Send a code through the chosen channel."""
    visit = await visit_of(context, request_id, at=("code",))
    chosen = (await checked_form(context, request_id)).one("channel")
    channel = next((name for name, _ in CHANNELS if name == chosen), None)
    if channel is None:
        return await _form(context, visit, error="Choose how we should send the code.")
    sandbox = context.sandbox
    await sandbox.run(sandbox.write, send_code, visit.request, channel)
    return go(context.links.connect(request_id, "code"))


@router.post("/{request_id}/code")
async def check(context: Context, request_id: str) -> Response:
    """Check the entered code."""
    visit = await visit_of(context, request_id, at=("code",))
    typed = (await checked_form(context, request_id)).one("code") or ""
    sandbox = context.sandbox
    try:
        await sandbox.run(sandbox.write, check_code, visit.request, typed)
    except InvalidRequest as error:
        return await _form(context, await visit_of(context, request_id), error=error.message)
    except AccessDenied as error:
        if visit.request.redirect_uri is None:
            raise
        return redirect_with_error(context, visit.request.redirect_uri, visit.request.state, error)
    response = go(context.links.connect(request_id))
    await renew_browser(context, response)
    return response


async def _form(context: RequestContext, visit: Visit, *, error: str | None = None) -> Response:
    sandbox, links, saved = context.sandbox, context.links, visit.request
    hints = sandbox.settings.hints
    customer = await sandbox.run(sandbox.read, get_customer, saved) if hints else None
    labels = {name: f"{label} {_masked(name, customer)}" for name, label in CHANNELS}
    is_sent = saved.otp_hash is not None and saved.otp_channel is not None
    variables: dict[str, Any] = {
        "channels": [{"name": name, "label": label} for name, label in labels.items()],
        "chosen": {"name": saved.otp_channel, "label": labels[saved.otp_channel]}
        if saved.otp_channel and is_sent
        else None,
        "send_action": links.connect(saved.id, "code", "send"),
        "check_action": links.connect(saved.id, "code"),
        "digits": CODE_DIGITS,
        "lifetime": in_words(ONE_TIME_CODE_LIFETIME),
        "error": error,
        "attempts_left": MOST_ATTEMPTS - saved.otp_attempts if saved.otp_attempts else None,
        "hint_code": await _hint(context, customer) if customer and is_sent else None,
    }
    return page(
        context,
        "pages/code.html",
        status=422 if error else 200,
        form_targets=visit.form_targets,
        **shared_context(context, visit),
        **variables,
    )


async def _hint(context: RequestContext, customer: Customer) -> str | None:
    """The code that was just sent, read from the outbox, to display it in a sandbox with hints."""
    sandbox = context.sandbox
    messages = await sandbox.run(sandbox.read, list_messages, limit=20)
    own = (
        message.code
        for message in messages
        if message.code and message.to in (customer.phone, customer.email)
    )
    return next(own, None)


def _masked(channel: Channel, customer: Customer | None) -> str:
    """The masked phone number or email address; without hints (no customer), a general phrase."""
    if customer is None:
        return "to the address on file" if channel == "email" else "to the number on file"
    if channel == "email":
        name, _, domain = customer.email.partition("@")
        return f"to {name[:1]}···@{domain}"
    return f"to ··· {customer.phone[-4:]}"
