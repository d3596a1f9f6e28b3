"""Finds a client by any of its ids, and authenticates it by its secret."""

from dataclasses import replace

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.actions.tokens.explain_mistake import recognise_id, recognise_mix_up, recognise_secret
from mock_server.domain.errors import InvalidClient
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.records import Client
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_ALIAS_PREFIXES = ("registration_", "REGISTRATION_")
_ALIAS_SUFFIX = "_admin"


def plain_id(client_id: str) -> str:
    """X for `registration_X` and `X_admin`: certified setups have three ids with one secret."""
    for prefix in _ALIAS_PREFIXES:
        client_id = client_id.removeprefix(prefix)
    return client_id.removesuffix(_ALIAS_SUFFIX)


def find_client(transaction: Transaction, client_id: str) -> Client | None:
    """The client with that id or alias."""
    return transaction.clients.find(id=client_id) or transaction.clients.find(id=plain_id(client_id))


def list_clients(transaction: Transaction, *, first: str) -> list[Client]:
    """All clients: first the one with the id `first`, then the others by id."""
    return sorted(transaction.clients.list(), key=lambda client: (client.id != first, client.id))


def get_client(transaction: Transaction, client_id: str, *, secret: str | None = None) -> Client:
    """The client with that id. Raises InvalidClient; `secret`, as sent, helps to explain the mistake."""
    client = find_client(transaction, client_id)
    if client is None:
        mix_up = recognise_mix_up(transaction, client_id, secret)
        if mix_up is not None:
            raise InvalidClient(mix_up)
        near = recognise_id(transaction, client_id) or ""
        raise InvalidClient(
            f"There is no client {quoted(client_id)}. {near}Use a client_id of this server; its home page and "
            "GET /_mock/clients list them."
        )
    return client


def check_is_registered(client: Client) -> None:
    """Raises InvalidClient if the client deleted its registration."""
    if client.removed is not None:
        raise InvalidClient(
            f"The client {client.id} deleted its registration. PUT its ApplicationInformation again to undo that."
        )


def authenticate(sandbox: Sandbox, transaction: Transaction, client_id: str, secret: str | None) -> Client:
    """The client, if the secret is right; a public client sends no secret (None).

    Raises InvalidClient, and TooManyRequests after many wrong secrets. A secret is always compared, so that the
    response time discloses nothing.
    """
    known = find_client(transaction, client_id)
    fits = equal_secrets((known and known.secret) or "", secret or "")
    client = known or get_client(transaction, client_id, secret=secret)
    if secret is not None:
        check_guesses(sandbox, transaction, "client", client.id)
    check_is_registered(client)
    if client.is_public and not secret:
        return client
    if client.is_public:
        raise InvalidClient(
            f"The client {client.id} is public and has no secret: send only its client_id and PKCE."
        )
    if not client.has_secret:
        raise InvalidClient(
            f"The client {client.id} is registered with {client.auth_method}. Send a client_assertion that it signed, "
            "with its client_assertion_type (RFC 7523)."
        )
    if secret is None:
        raise InvalidClient(
            f"The client {client.id} sent no secret. Send it with HTTP Basic (client_id:client_secret), or as "
            "client_secret in the form body."
        )
    if not client.secret or not fits:
        count_guess(sandbox, transaction, "client", client.id)
        near = recognise_secret(transaction, client, secret)
        error = InvalidClient(
            f"The secret of {client.id} is wrong. {near or ''}Check that it is current, and that id and secret are "
            "percent-encoded before HTTP Basic encodes them (RFC 6749, section 2.3.1)."
        )
        raise transaction.commit_with(error)
    return client


def remember_base(_: Sandbox, transaction: Transaction, client: Client, base: str) -> Client:
    """Store the base URL that the client uses for this server; later messages and tokens use it."""
    if client.base == base:
        return client
    transaction.clients.change({"id": client.id}, base=base)
    return replace(client, base=base)
