"""The utility's review of registrations: a client stays in sandbox mode until it is approved (utilityapi.md §4)."""

from dataclasses import replace
from datetime import datetime

from mock_server.actions.clients.find_client import find_client
from mock_server.actions.notifying.messages import send_message
from mock_server.actions.notifying.notifications import notify_of_registration
from mock_server.domain.errors import Forbidden, NotFound
from mock_server.domain.records import Client, Mode
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def approve_client(
    sandbox: Sandbox, transaction: Transaction, client_id: str, *, settings_link: str
) -> Client:
    """Allow the client to go live, and email it. A second call changes nothing. Raises NotFound."""
    now = transaction.now
    client = _get(transaction, client_id)
    if not transaction.clients.change({"id": client.id, "approved": None}, approved=now):
        return client
    mail_client(
        transaction,
        client,
        subject=f"{client.company_name} is approved",
        body=f"We reviewed your registration {client.id} and approved it. You may now switch it to live, where "
        f"all customers can authorize it, in your settings: {settings_link}",
        at=now,
    )
    return replace(client, approved=now)


def set_mode(sandbox: Sandbox, transaction: Transaction, client_id: str, mode: Mode) -> Client:
    """Set a client's mode for the utility; live includes the approval. Raises NotFound."""
    now = transaction.now
    client = _get(transaction, client_id)
    approved = client.approved or (now if mode == "live" else None)
    return _switch(transaction, replace(client, approved=approved), mode, now)


def switch_mode(sandbox: Sandbox, transaction: Transaction, client_id: str, mode: Mode) -> Client:
    """Set a client's mode for its third party. Raises Forbidden for live if the utility has not approved it."""
    client = _get(transaction, client_id)
    if mode == "live" and client.approved is None:
        raise Forbidden(
            "The utility has not approved this registration yet. It stays in sandbox mode until then."
        )
    return _switch(transaction, client, mode, transaction.now)


def mail_client(transaction: Transaction, client: Client, *, subject: str, body: str, at: datetime) -> None:
    """Email a client's contact, if it has one."""
    if client.contact_email:
        send_message(transaction, to=client.contact_email, channel="email", subject=subject, body=body, at=at)


def _switch(transaction: Transaction, client: Client, mode: Mode, now: datetime) -> Client:
    switched = replace(client, mode=mode)
    if transaction.clients.find(id=client.id) != switched:
        transaction.clients.change({"id": client.id}, mode=mode, approved=client.approved)
        notify_of_registration(transaction, switched, at=now)
    return switched


def _get(transaction: Transaction, client_id: str) -> Client:
    found = find_client(transaction, client_id)
    if found is None:
        raise NotFound(f"There is no client {quoted(client_id)}. GET /_mock/clients lists them.")
    return found
