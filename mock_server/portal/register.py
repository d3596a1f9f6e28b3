"""The registration form (utilityapi.md §4), and the page that displays the new client's secrets once."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.actions.clients.register import Registered, Registration, register
from mock_server.domain.errors import Conflict
from mock_server.domain.oauth.passwords import hash_password
from mock_server.domain.oauth.registration import AGREE, RULES, TWICE, mistakes_in
from mock_server.http.browser import checked_form
from mock_server.http.context import Context, RequestContext
from mock_server.portal.visit import FORMS, Visit, portal_page, set_session

router = APIRouter(prefix="/third-party", include_in_schema=False)

# Name, label, input type, autocomplete token, hint.
_FIELDS = (
    ("first_name", "First name", "text", "given-name", ""),
    ("last_name", "Last name", "text", "family-name", ""),
    ("email", "Work email", "email", "email", "You log in with it."),
    ("company_name", "Company name", "text", "organization", "Customers see it when you request their data."),
    ("website", "Company website", "url", "url", "Your company name links to it."),
    (
        "scope_of_use",
        "What you use the data for",
        "textarea",
        "off",
        "Customers read this before they consent. Say what you do for them, who else gets the data, and when you "
        "delete it.",
    ),
    (
        "terms_url",
        "Link to your terms of service (optional)",
        "url",
        "off",
        "Displayed after that statement.",
    ),
    ("password", "Password", "password", "new-password", "At least 10 characters."),
)
_REFILLED = tuple(name for name, _, kind, _, _ in _FIELDS if kind != "password")


@router.get("/register")
async def show_form(context: Context) -> Response:
    """The empty form."""
    return _form(context, {}, {})


@router.post("/register")
async def submit(context: Context) -> Response:
    """Register, or display the form again with an error at each invalid field."""
    form = await checked_form(context, FORMS)
    names = (*_REFILLED, "password", "password_again", "agreed")
    answers = {name: (form.one(name) or "").replace("\r\n", "\n") for name in names}
    mistakes = mistakes_in(answers)
    if mistakes:
        return _form(context, answers, mistakes)
    entered = {name: answers[name].strip() for name in _REFILLED}
    said = Registration(
        **{**entered, "terms_url": entered["terms_url"] or None},  # type: ignore[arg-type]  # the one that may be None
    )
    sandbox = context.sandbox
    password_hash = await run_in_threadpool(hash_password, answers["password"], salt=sandbox.random.secret())
    settings_link = context.links.browser("settings")
    try:
        registered = await sandbox.run(
            sandbox.write, register, said, password_hash=password_hash, settings_link=settings_link
        )
    except Conflict as error:
        return _form(context, answers, {"email": error.message})
    return _welcome(context, registered)


def _welcome(context: RequestContext, registered: Registered) -> Response:
    links, client = context.links, registered.client
    response = portal_page(
        context,
        Visit(client=client, person=registered.person, others=(client,)),
        "portal/registered.html",
        status=201,
        company_name=client.company_name,
        first_name=registered.person.first_name,
        new_secret=[
            {"label": "Client id", "value": client.id},
            {"label": "Client secret", "value": client.secret},
            {"label": "JSON API token", "value": client.api_token},
            {"label": "Registration access token", "value": client.registration_access_token},
            {"label": "Webhook secret", "value": client.webhook_secret},
        ],
        addresses=[
            {"label": "Authorize", "value": links.authorize},
            {"label": "Token", "value": links.token},
        ],
    )
    set_session(context, response, registered.session)
    return response


def _form(context: RequestContext, answers: dict[str, str], mistakes: dict[str, str]) -> Response:
    rules = {rule.name: rule for rule in RULES}
    fields: list[dict[str, Any]] = [
        {
            "name": name,
            "label": label,
            "type": kind,
            "autocomplete": autocomplete,
            "hint": hint,
            "value": "" if kind == "password" else answers.get(name, ""),
            "pattern": rules[name].pattern,
            "longest": rules[name].longest,
            "sentence": rules[name].sentence,
            "is_optional": rules[name].is_optional,
            "mistake": mistakes.get(name, ""),
            "same_as": "",
        }
        for name, label, kind, autocomplete, hint in _FIELDS
    ]
    again = {
        **fields[-1],
        "name": "password_again",
        "label": "Repeat password",
        "hint": "",
        "sentence": TWICE,
    }
    fields.append({**again, "mistake": mistakes.get("password_again", ""), "same_as": "password"})
    return portal_page(
        context,
        None,
        "portal/register.html",
        status=422 if mistakes else 200,
        script="as_you_type.js",
        action=context.links.page("third-party", "register"),
        fields=fields,
        agreed={
            "checked": answers.get("agreed") == "yes",
            "mistake": mistakes.get("agreed", ""),
            "sentence": AGREE,
        },
        mistakes=len(mistakes),
    )
