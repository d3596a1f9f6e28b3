"""Templates and forms, and test submissions."""

from typing import Any

from starlette.responses import Response

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.forms.forms import FormWish, change_form, create_form, delete_form, get_form
from mock_server.actions.forms.submit_form import submit_form
from mock_server.api.bodies import answer, calls, json_body, takes
from mock_server.api.call import WRITERS, Call, reading, writing
from mock_server.api.lists import cut_page, flag, limit_of, listed, page_start, paged
from mock_server.api.objects.form import (
    Form,
    FormChange,
    FormListing,
    NewForm,
    Scenario,
    Submitted,
    serialize_form,
)
from mock_server.api.objects.shape import Success
from mock_server.api.objects.template import Template, TemplateListing, serialize_template
from mock_server.domain import records
from mock_server.domain.errors import NotFound
from mock_server.http.context import Context

router = calls("/api/v2")


@router.get(
    "/templates",
    response_model=TemplateListing,
    openapi_extra=paged(uids="Only these, separated by commas.", disabled="true or false."),
)
async def list_templates(context: Context) -> Response:
    """The client's templates, newest first."""
    return answer(await reading(context, _templates, allowed=WRITERS))


@router.get("/templates/{uid}", response_model=Template)
async def read_template(context: Context, uid: str) -> Response:
    """One of them."""

    def work(call: Call) -> Template:
        transaction = call.transaction
        found = transaction.templates.find(uid=uid, client_id=call.caller.client_id)
        client = get_client(transaction, call.caller.client_id)
        if found is None:
            raise NotFound(f"There is no template {uid[:40]!r} that this token may see.")
        return serialize_template(call, found, client)

    return answer(await reading(context, work, allowed=WRITERS))


@router.get(
    "/forms",
    response_model=FormListing,
    openapi_extra=paged(
        uids="Only these, separated by commas.",
        users="Only of these accounts, by user_uid.",
        templates="Only of these templates.",
        is_archived="true or false.",
    ),
)
async def list_forms(context: Context) -> Response:
    """The client's forms, newest first."""
    return answer(await reading(context, _forms, allowed=WRITERS))


@router.post("/forms", response_model=Form, openapi_extra=takes(NewForm, optional=True))
async def post_form(context: Context) -> Response:
    """Create a form. Every field has a default, so the body may be empty."""
    body = await json_body(context, NewForm)

    def work(call: Call) -> Form:
        wish = _wish(body.value())
        return _serialize(call, create_form(call.sandbox, call.transaction, call.caller.client_id, wish))

    return answer(await writing(context, work))


@router.get("/forms/{uid}", response_model=Form)
async def read_form(context: Context, uid: str) -> Response:
    """One of them."""

    def work(call: Call) -> Form:
        transaction = call.transaction
        found = get_form(transaction, call.caller.client_id, uid)
        return _serialize(call, found)

    return answer(await reading(context, work, allowed=WRITERS))


@router.patch("/forms/{uid}", response_model=Form, openapi_extra=takes(FormChange))
async def patch_form(context: Context, uid: str) -> Response:
    """Change, archive or disable a form."""
    body = await json_body(context, FormChange)

    def work(call: Call) -> Form:
        wish = _wish(body.value())
        return _serialize(call, change_form(call.sandbox, call.transaction, call.caller.client_id, uid, wish))

    return answer(await writing(context, work))


@router.delete("/forms/{uid}", response_model=Success)
async def remove_form(context: Context, uid: str) -> Response:
    """Delete a form. The authorizations that customers gave with it remain."""

    def work(call: Call) -> Success:
        delete_form(call.sandbox, call.transaction, call.caller.client_id, uid)
        return Success(success=True)

    return answer(await writing(context, work))


@router.post("/forms/{uid}/test-submit", response_model=Submitted, openapi_extra=takes(Scenario))
async def submit_test(context: Context, uid: str) -> Response:
    """Submit the form as a test customer. The scenario selects what happens to the data."""
    body = await json_body(context, Scenario)

    def work(call: Call) -> Submitted:
        wish = body.value()
        referral = submit_form(
            call.sandbox,
            call.transaction,
            call.caller.client_id,
            uid,
            utility=wish.utility,
            scenario=wish.scenario,
        )
        return Submitted(success=True, referral=referral)

    return answer(await writing(context, work))


def _wish(sent: NewForm) -> FormWish:
    """The body as fields of the record. A scope in it replaces the whole scope."""
    said = {name: getattr(sent, name) for name in sent.model_fields_set - {"scope"}}
    if "disabled" in said:
        said["is_disabled"] = said.pop("disabled")
    if "scope" in sent.model_fields_set:
        said["expires"] = sent.scope.expires if sent.scope else None
        said["ongoing_end"] = sent.scope.ongoing_end if sent.scope else None
    return FormWish(said=frozenset(said), **said)


def _serialize(call: Call, form: records.Form) -> Form:
    transaction = call.transaction
    template = transaction.templates.find(uid=form.template_uid)
    return serialize_form(call, form, template.portal if template else "")


def _templates(call: Call) -> TemplateListing:
    where: dict[str, Any] = {"client_id": call.caller.client_id}
    if (uids := listed(call.query, "uids")) is not None:
        where["uid"] = uids
    if (wish := flag(call.query, "disabled")) is not None:
        where["is_disabled"] = wish
    limit = limit_of(call.query)
    transaction = call.transaction
    client = get_client(transaction, call.caller.client_id)
    below = page_start(call.query, transaction.templates, client_id=client.id)
    found = transaction.templates.list(order="-uid", below=below, limit=limit + 1, **where)
    page = cut_page(found, call.query, limit, uid_of=lambda one: one.uid)
    items = [serialize_template(call, one, client) for one in page.items]
    return TemplateListing(templates=items, next=page.next_url(call.links.api("templates")))


def _forms(call: Call) -> FormListing:
    where: dict[str, Any] = {"client_id": call.caller.client_id}
    for name, column in (("uids", "uid"), ("templates", "template_uid")):
        if (wanted := listed(call.query, name)) is not None:
            where[column] = wanted
    if (wish := flag(call.query, "is_archived")) is not None:
        where["is_archived"] = wish
    users, limit = listed(call.query, "users"), limit_of(call.query)
    transaction = call.transaction
    portals = {one.uid: one.portal for one in transaction.templates.list(client_id=call.caller.client_id)}
    below = page_start(call.query, transaction.forms, client_id=call.caller.client_id)
    found = transaction.forms.list(order="-uid", below=below, limit=limit + 1, **where)
    fitting = found if users is None or call.owner.uid in users else []
    page = cut_page(fitting, call.query, limit, uid_of=lambda one: one.uid)
    items = [serialize_form(call, one, portals.get(one.template_uid, "")) for one in page.items]
    return FormListing(forms=items, next=page.next_url(call.links.api("forms")))
