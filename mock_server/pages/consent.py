"""The consent page: the customer chooses data, period and services, then approves or declines."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.consent import approve
from mock_server.actions.connecting.sign_in import get_customer
from mock_server.domain.consent.consent import (
    ACCOUNT_BLOCKS,
    BILLS_BLOCK,
    DATA_BLOCKS,
    PUSH_BLOCK,
    SERVICE_BLOCKS,
    SUMMARY_BLOCK,
    USAGE_BLOCK,
    Consent,
    possible_blocks,
    propose_consent,
)
from mock_server.domain.consent.function_blocks import FUNCTION_BLOCKS
from mock_server.domain.errors import InvalidRequest
from mock_server.domain.oauth.scopes import Scope, parse_scope
from mock_server.domain.records import Client, Customer, ScopeOfUse
from mock_server.domain.text.parameters import Parameters
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.pages.end_request import redirect_with_answer
from mock_server.pages.next_step import declined
from mock_server.pages.visit import Visit, shared_context, visit_of
from mock_server.ui import day_in_words, page

router = APIRouter(prefix="/connect", include_in_schema=False)

DATA_TYPES = (
    (USAGE_BLOCK, "Usage", "Your usage in 15-minute or hourly intervals."),
    (BILLS_BLOCK, "Bills", "Your bills: period, usage, charges and totals."),
    (51, "Account details", "Name, account and meter numbers, service addresses."),
)
HISTORY = (("0", "No history"), ("90", "3 months"), ("365", "1 year"), ("730", "2 years"))
ENDS = (
    ("90", "3 months from now"),
    ("365", "1 year from now"),
    ("1095", "3 years from now"),
    ("never", "When I end it"),
)
AS_REQUESTED = "asked"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the client requests of a customer."""

    customer: Customer
    scope: Scope
    consent: Consent
    now: datetime


@router.get("/{request_id}/consent")
async def ask(context: Context, request_id: str) -> Response:
    """Display the consent form."""
    visit = await visit_of(context, request_id, at=("consent",))
    return _form(context, visit, await _proposal(context, visit))


@router.post("/{request_id}/consent")
async def answer(context: Context, request_id: str) -> Response:
    """Handle the customer's decision and redirect to the client."""
    visit = await visit_of(context, request_id, at=("consent",))
    form = await checked_form(context, request_id)
    decision = form.one("decision")
    if decision == "decline":
        return await declined(context, visit)
    proposal = await _proposal(context, visit)
    chosen = narrowed(proposal, form)
    if decision != "approve" or not chosen.shares_something:
        return _form(context, visit, proposal, chosen, sent=form, error=_what_is_missing(decision, chosen))
    return await _approve(context, visit, proposal.customer, chosen)


def _what_is_missing(decision: str | None, chosen: Consent) -> str:
    if decision != "approve":
        return "Choose either Authorize or Decline."
    if not chosen.service_ids:
        return "Choose at least one service, or decline."
    return "Choose at least one kind of data, or decline."


async def _approve(context: RequestContext, visit: Visit, customer: Customer, chosen: Consent) -> Response:
    sandbox, links, saved = context.sandbox, context.links, visit.request
    approval = await sandbox.run(
        sandbox.write,
        approve,
        saved,
        client=visit.client,
        customer=customer,
        consent=chosen,
        receipt_link=links.browser("receipts", saved.id),
        own_link=links.browser("my-authorizations"),
    )
    if saved.redirect_uri is None:
        return go(links.page("receipts", saved.id))
    return redirect_with_answer(context, saved, saved.redirect_uri, approval.code)


async def _proposal(context: RequestContext, visit: Visit) -> Proposal:
    sandbox = context.sandbox
    customer = await sandbox.run(sandbox.read, get_customer, visit.request)
    scope, now = parse_scope(visit.request.scope), sandbox.clock.now()
    return Proposal(
        customer=customer, scope=scope, consent=propose_consent(scope, customer, now=now), now=now
    )


def narrowed(proposal: Proposal, form: Parameters) -> Consent:
    """The proposal as the customer changed it; with `noedit` it does not change."""
    proposed, scope = proposal.consent, proposal.scope
    if scope.no_edit:
        return proposed
    chosen = {int(value) for value in form.all("data") if value.isdecimal() and len(value) < 4}
    unasked = SERVICE_BLOCKS | {PUSH_BLOCK}
    granted = {
        block for block in proposed.function_blocks if _checkbox_of(block, proposed) in chosen | unasked
    }
    services = form.all("service")
    return Consent(
        function_blocks=possible_blocks(frozenset(granted)),
        history_start=_history(form.one("history"), proposed.history_start, now=proposal.now),
        ongoing_end=proposed.ongoing_end,
        expires=_end(form.one("ends"), proposed.expires, now=proposal.now),
        service_ids=proposed.service_ids
        if scope.all_meters
        else tuple(s for s in proposed.service_ids if s in services),
    )


def _checkbox_of(block: int, proposed: Consent) -> int:
    """The check box of a block. 46 is the older number of 51, and 15 is part of 16, so they share one."""
    if block in ACCOUNT_BLOCKS:
        return 51
    return BILLS_BLOCK if block == SUMMARY_BLOCK and BILLS_BLOCK in proposed.function_blocks else block


def _history(choice: str | None, proposed: datetime | None, *, now: datetime) -> datetime | None:
    if choice in (None, AS_REQUESTED):
        return proposed
    if choice == "0":
        return None
    return now - timedelta(days=_days(choice, HISTORY))


def _end(choice: str | None, proposed: datetime | None, *, now: datetime) -> datetime | None:
    if choice in (None, AS_REQUESTED):
        return proposed
    if choice == "never":
        return None
    return now + timedelta(days=_days(choice, ENDS))


def _days(choice: str | None, offered: tuple[tuple[str, str], ...]) -> int:
    if choice is None or choice not in dict(offered):
        raise InvalidRequest(
            "The form has a choice that the page did not offer. Choose one of the offered values."
        )
    return int(choice)


def _form(
    context: RequestContext,
    visit: Visit,
    proposal: Proposal,
    chosen: Consent | None = None,
    *,
    sent: Parameters | None = None,
    error: str | None = None,
) -> Response:
    links = context.links
    proposed, scope = proposal.consent, proposal.scope
    current, answers = chosen or proposed, sent or Parameters({})
    zone = ZoneInfo(proposal.customer.time_zone)
    return page(
        context,
        "pages/consent.html",
        status=422 if error else 200,
        form_targets=visit.form_targets,
        **shared_context(context, visit),
        customer={"name": proposal.customer.name},
        scope_of_use=_scope_of_use(visit.client, scope.scope_of_use).__dict__,
        data_types=_data_types(proposed, current, locked=scope.no_edit),
        history=_choices(
            HISTORY,
            locked=scope.no_edit,
            proposed=_history_in_words(proposed, zone),
            sent=answers.one("history"),
        ),
        ends=_choices(
            ENDS, locked=scope.no_edit, proposed=_end_in_words(proposed, zone), sent=answers.one("ends")
        ),
        services=_services(proposal.customer, current),
        services_locked=scope.no_edit or scope.all_meters,
        no_edit=scope.no_edit,
        error=error,
        action=links.connect(visit.request.id, "consent"),
    )


def _scope_of_use(client: Client, wanted: str | None) -> ScopeOfUse:
    return next((use for use in client.scopes_of_use if use.id == wanted), client.scopes_of_use[0])


def _data_types(proposed: Consent, current: Consent, *, locked: bool) -> list[dict[str, Any]]:
    """The requested kinds of data; uncommon ones have the names of their function blocks."""
    wanted = {_checkbox_of(block, proposed) for block in proposed.function_blocks & DATA_BLOCKS}
    granted = {_checkbox_of(block, proposed) for block in current.function_blocks}
    usual = {block: (title, about) for block, title, about in DATA_TYPES}
    rest = {block: (FUNCTION_BLOCKS[block], "") for block in sorted(wanted)}
    return [
        {
            "name": "data",
            "value": str(block),
            "title": title,
            "about": about,
            "checked": block in granted,
            "locked": locked,
        }
        for block, (title, about) in (
            usual | {block: rest[block] for block in rest if block not in usual}
        ).items()
        if block in wanted
    ]


def _choices(
    offered: tuple[tuple[str, str], ...], *, locked: bool, proposed: str, sent: str | None
) -> dict[str, Any]:
    """A select's options; after an error elsewhere in the form, the sent choice stays selected."""
    labels = [(AS_REQUESTED, f"{proposed} (requested)"), *offered]
    selected = sent or AS_REQUESTED
    options = [{"value": value, "label": label, "selected": value == selected} for value, label in labels]
    return {"options": options, "locked": locked, "text": proposed}


def _history_in_words(consent: Consent, zone: ZoneInfo) -> str:
    if consent.history_start is None:
        return "No history"
    return f"Since {day_in_words(consent.history_start, zone)}"


def _end_in_words(consent: Consent, zone: ZoneInfo) -> str:
    return "Until I end it" if consent.expires is None else f"Until {day_in_words(consent.expires, zone)}"


def _services(customer: Customer, current: Consent) -> list[dict[str, Any]]:
    return [
        {
            "number": account.number,
            "address": str(account.billing_address),
            "services": [
                {
                    "value": service.id,
                    "title": f"{service.kind.capitalize()} service {service.id}",
                    "kind": service.kind,
                    "address": str(service.address),
                    "meter": service.meter_serial,
                    "checked": service.id in current.service_ids,
                }
                for service in account.services
            ],
        }
        for account in customer.accounts
    ]
