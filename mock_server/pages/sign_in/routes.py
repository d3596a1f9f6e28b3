"""The sign-in page: one form for every way. The single sign-on redirects to the utility's login instead."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.connecting.find_customer import find_by_answers
from mock_server.actions.connecting.sign_in import choose_way, identify, identify_nobody
from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.errors import NotFound
from mock_server.domain.signing_in import all_ways, find_way
from mock_server.domain.signing_in.way import Answers, Way
from mock_server.http.browser import checked_form, go, renew_browser
from mock_server.http.context import Context, RequestContext
from mock_server.pages.sign_in.prefill import may_disclose, prefilled_answers
from mock_server.pages.sign_in.single_sign_on import leave_for_log_in
from mock_server.pages.visit import Visit, shared_context, visit_of
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import page

router = APIRouter(prefix="/connect", include_in_schema=False)


@router.get("/{request_id}/sign-in/{way_name}")
async def ask(context: Context, request_id: str, way_name: str) -> Response:
    """The form of a way. The customer may choose another way until the sign-in is complete."""
    visit = await visit_of(context, request_id, at=("sign_in", "code"))
    way = _way(way_name)
    if visit.request.way != way.name or visit.request.customer_id is not None:
        await context.sandbox.run(context.sandbox.write, choose_way, visit.request, way.name)
    if not way.fields and not visit.request.prompts and visit.request.notice is None:
        return await leave_for_log_in(context, visit)
    return await _form(context, visit, way, prefilled_answers(visit.request, way), visit.request.notice)


@router.post("/{request_id}/sign-in/{way_name}")
async def answer(context: Context, request_id: str, way_name: str) -> Response:
    """Look up the customer. If none matches, display the form again, unless that would disclose who is a customer."""
    visit = await visit_of(context, request_id, at=("sign_in", "code"))
    form = await checked_form(context, request_id)
    way = _way(way_name)
    if not way.fields:
        return await leave_for_log_in(context, visit)
    sandbox = context.sandbox
    answers = {field.name: form.one(field.name) or "" for field in way.fields}
    customer = await sandbox.run(sandbox.write, find_by_answers, way, answers)
    response = go(context.links.connect(request_id))
    if customer is not None:
        await sandbox.run(sandbox.write, identify, visit.request, customer, way=way)
        if not way.needs_code:
            await renew_browser(context, response)
        return response
    if may_disclose(sandbox, way):
        return await _form(context, visit, way, answers, way.not_found, is_mistake=True)
    await sandbox.run(sandbox.write, identify_nobody, visit.request, str(answers), way=way)
    return response


def _way(name: str) -> Way:
    way = find_way(name)
    if way is None:
        raise NotFound("There is no such way to sign in. Choose one of the offered ways.")
    return way


async def _form(
    context: RequestContext,
    visit: Visit,
    way: Way,
    answers: Answers,
    message: str | None,
    *,
    is_mistake: bool = False,
) -> Response:
    links, sandbox = context.links, context.sandbox
    others = [other for other in all_ways() if other.name != way.name]
    return page(
        context,
        "pages/look_up.html",
        status=422 if is_mistake else 200,
        form_targets=visit.form_targets,
        **shared_context(context, visit),
        way={
            "name": way.name,
            "title": way.title,
            "lead": way.lead,
            "fields": [
                _field(field.__dict__, answers, message if is_mistake else None) for field in way.fields
            ],
        },
        action=links.connect(visit.request.id, "sign-in", way.name),
        message=message,
        message_kind="error" if is_mistake else "info",
        other_ways=[
            {"title": other.title, "url": links.connect(visit.request.id, "sign-in", other.name)}
            for other in others
        ],
        personas=await sandbox.run(sandbox.read, personas, way),
    )


def _field(field: Mapping[str, Any], answers: Answers, error: str | None) -> dict[str, Any]:
    return {**field, "value": answers.get(field["name"], ""), "error": error}


def personas(sandbox: Sandbox, transaction: Transaction, way: Way) -> list[dict[str, Any]] | None:
    """The test customers as one-click sign-ins; None with hints off or if the way has no examples."""
    if not sandbox.settings.hints or not way.fields:
        return None
    customers = list_customers(sandbox, transaction, only_test_accounts=True)
    found = [(customer, way.example(customer)) for customer in customers]
    return [
        {"title": customer.name, "about": customer.about, "values": dict(values)}
        for customer, values in found
        if values
    ] or None
