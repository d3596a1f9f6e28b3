"""Creates, changes and deletes a third party's forms."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.forms.templates import newest_template, own_template
from mock_server.actions.notifying.events import announce
from mock_server.domain.consent.form_scope import scope_of_form
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.records import Client, Form
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

FIRST_FORM = 70_001
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, kw_only=True)
class FormWish:
    """A client's values for a form. Only the fields named in `said` are used."""

    said: frozenset[str]
    template_uid: str | None = None
    authorization_uid: str | None = None
    customer_email: str | None = None
    utility: str | None = None
    expires: str | None = None
    ongoing_end: str | None = None
    is_archived: bool = False
    is_disabled: bool = False


def create_form(sandbox: Sandbox, transaction: Transaction, client_id: str, wish: FormWish) -> Form:
    """Create a form, by default from the client's newest template. Raises InvalidParameter."""
    now = transaction.now
    client = get_client(transaction, client_id)
    form = Form(
        uid=transaction.next_number("form", first=FIRST_FORM),
        client_id=client_id,
        template_uid=newest_template(transaction, client, at=now).uid,
        token=sandbox.random.secret()[:32],
        created=now,
        updated=now,
    )
    form = _with_changes(sandbox, transaction, form, wish, client, now)
    transaction.forms.add(form)
    announce(transaction, "form_created", client_id=client_id, at=now, form_uid=form.uid)
    return form


def change_form(sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str, wish: FormWish) -> Form:
    """Change a form. Raises NotFound, InvalidParameter."""
    now = transaction.now
    form = get_form(transaction, client_id, uid)
    client = get_client(transaction, client_id)
    changed = _with_changes(sandbox, transaction, form, wish, client, now)
    if changed != form:
        changed = replace(changed, updated=now)
        values = {name: value for name, value in vars(changed).items() if value != vars(form)[name]}
        transaction.forms.change({"uid": uid}, **values)
    return changed


def delete_form(sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str) -> None:
    """Delete a form. Authorizations made with it stay. Raises NotFound."""
    get_form(transaction, client_id, uid)
    transaction.forms.remove(uid=uid)


def get_form(transaction: Transaction, client_id: str, uid: str) -> Form:
    """One of the client's forms. Raises NotFound."""
    found = transaction.forms.find(uid=uid, client_id=client_id)
    if found is None:
        raise NotFound(f"There is no form {uid[:40]!r} that this token may see.")
    return found


def _with_changes(
    sandbox: Sandbox, transaction: Transaction, form: Form, wish: FormWish, client: Client, now: datetime
) -> Form:
    said = {name: value for name, value in vars(wish).items() if name in wish.said}
    if said.get("template_uid") is None:
        said.pop("template_uid", None)
    changed = replace(form, **said)
    if "template_uid" in said:
        own_template(transaction, client.id, changed.template_uid)
    _check_authorization(transaction, client, changed.authorization_uid)
    changed = replace(changed, utility=_own_name(sandbox, changed.utility))
    if changed.customer_email is not None and not _EMAIL.fullmatch(changed.customer_email):
        raise InvalidParameter(f"customer_email={quoted(changed.customer_email)} is not an email address.")
    if {"expires", "ongoing_end"} & said.keys():
        scope = client.scope or sandbox.fixtures.utility.default_scope
        scope_of_form(scope, expires=changed.expires, ongoing_end=changed.ongoing_end, now=now)
    return changed


def _check_authorization(transaction: Transaction, client: Client, uid: str | None) -> None:
    if uid is not None and not transaction.authorizations.find(uid=uid, client_id=client.id, kind="customer"):
        raise InvalidParameter(f"authorization_uid={quoted(uid)} is not one of your authorizations.")


def _own_name(sandbox: Sandbox, utility: str | None) -> str | None:
    """The utility's id with its own capitalization. Raises InvalidParameter for another utility."""
    own = sandbox.fixtures.utility.id
    if utility is None or utility.casefold() == own.casefold():
        return None if utility is None else own
    raise InvalidParameter(f"utility={quoted(utility)} is unknown. This server plays {own}.")
