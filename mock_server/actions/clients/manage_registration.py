"""Changes and deletes a registration for its client, and undoes the deletion (ESPI FB 41/44)."""

import re
from collections.abc import Callable

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.notifying.notifications import notify_of_registration
from mock_server.domain.errors import InvalidParameter, InvalidScope, InvalidToken
from mock_server.domain.network.client_urls import is_web_address, redirect_uri_problem
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Client
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def change_registration(sandbox: Sandbox, transaction: Transaction, known: Client, wanted: Client) -> Client:
    """Apply the differences between `known` and `wanted` to the registration. A deleted one is restored.

    Its tokens are restored too. Raises InvalidParameter for an invalid value, InvalidToken if the registration was
    deleted after it was read.
    """
    check_registration(wanted)
    before = transaction.clients.hold(id=known.id)
    if before is None or before.removed != known.removed:
        raise InvalidToken(
            "This registration was deleted during the request, so nothing was changed. PUT the "
            "ApplicationInformation again to undo the deletion."
        )
    return change_within(transaction, known, wanted)


def change_within(transaction: Transaction, known: Client, wanted: Client) -> Client:
    """The same within a transaction. Other requests' changes to fields that `wanted` leaves alone are kept."""
    values = {name: value for name, value in vars(wanted).items() if value != getattr(known, name)}
    transaction.clients.change({"id": known.id}, **{**values, "removed": None})
    changed = get_client(transaction, known.id)
    if values:
        notify_of_registration(transaction, changed, at=transaction.now)
    return changed


def remove_registration(sandbox: Sandbox, transaction: Transaction, client_id: str) -> None:
    """Mark the registration as removed. This ends the client's tokens, except the one that manages the registration."""
    transaction.clients.change({"id": client_id, "removed": None}, removed=transaction.now)


def check_registration(client: Client) -> None:
    """Raises InvalidParameter if a value is invalid (RFC 7591 §2, ESPI 4.0 ApplicationInformation)."""
    particulars = client.particulars
    for name, uri in (
        ("thirdPartyNotifyUri", client.notify_uri),
        ("thirdPartyScopeSelectionScreenURI", particulars.scope_selection_uri),
        ("thirdPartyUserPortalScreenURI", particulars.portal_uri),
        ("logo_uri", particulars.logo_uri),
        ("client_uri", client.website),
        ("tos_uri", client.scopes_of_use[0].terms_url),
        ("policy_uri", particulars.policy_uri),
        ("jwks_uri", client.jwks_uri),
    ):
        _check(name, uri, is_web_address, "an absolute http or https URL without a fragment")
    for uri in client.redirect_uris:
        if (problem := redirect_uri_problem(uri)) is not None:
            raise InvalidParameter(f"redirect_uri is {quoted(uri)}. {problem}")
    for mail in filter(None, (client.contact_email, *particulars.further_contacts)):
        _check("contacts", mail, _is_mail, "an email address")
    if not client.company_name:
        raise InvalidParameter("client_name is empty. Send a name: customers see it on the consent page.")
    _check_scope(client.scope)


def _is_mail(text: str) -> bool:
    return _MAIL.fullmatch(text) is not None


def _check(name: str, value: str | None, fits: Callable[[str], bool], what: str) -> None:
    if value is not None and not fits(value):
        raise InvalidParameter(f"{name} is {quoted(value)}. Send {what}.")


def _check_scope(text: str) -> None:
    try:
        parse_scope(text)
    except InvalidScope as error:
        raise InvalidParameter(f"The scope cannot be registered. {error.message}") from error
