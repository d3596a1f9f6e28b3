"""Changes a client's settings: secrets, URLs, scopes of use."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias, get_args

from mock_server.actions.clients.add_client import initial_tokens, new_secret
from mock_server.actions.clients.find_client import get_client
from mock_server.actions.clients.manage_registration import change_within, check_registration
from mock_server.actions.tokens.issue import end_tokens
from mock_server.domain.errors import Conflict, InvalidParameter, NotFound
from mock_server.domain.oauth.registration import mistake_in
from mock_server.domain.records import Client, ScopeOfUse
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

SecretKind: TypeAlias = Literal["secret", "api_token", "registration_access_token", "webhook_secret"]
SECRET_KINDS: Final[tuple[SecretKind, ...]] = get_args(SecretKind)

MOST_REDIRECT_URIS = 50
MOST_SCOPES_OF_USE = 20
_TOKEN_CLASSES = {"api_token": "api", "registration_access_token": "registration"}


def rotate(sandbox: Sandbox, transaction: Transaction, client_id: str, kind: SecretKind) -> str:
    """Replace the secret of that kind and return the new one. The old one stops working at once. Raises Conflict."""
    made = sandbox.random.secret() if kind == "registration_access_token" else new_secret(sandbox)
    now, client = transaction.now, get_client(transaction, client_id)
    if kind == "secret" and not client.has_secret:
        raise Conflict(f"{client.company_name} has no secret: it is registered with {client.auth_method}.")
    transaction.clients.change({"id": client.id}, **{kind: made})
    if kind in _TOKEN_CLASSES:
        token_class = _TOKEN_CLASSES[kind]
        end_tokens(
            transaction,
            now,
            "it was replaced in the settings",
            client_id=client.id,
            token_class=token_class,
            expires=None,
        )
        tokens = initial_tokens(replace(client, **{kind: made}), issued=now)  # type: ignore[arg-type]  # a text field
        transaction.tokens.add(*(one for one in tokens if one.token_class == token_class))
    return made


def change_addresses(
    sandbox: Sandbox,
    transaction: Transaction,
    client_id: str,
    *,
    redirect_uris: Sequence[str],
    notify_uri: str | None,
) -> Client:
    """Set the redirect URIs and the URI for notifications. Raises InvalidParameter."""
    if not 0 < len(redirect_uris) <= MOST_REDIRECT_URIS:
        raise InvalidParameter(f"Enter 1 to {MOST_REDIRECT_URIS} redirect URIs, one per line.")
    unique = tuple(dict.fromkeys(redirect_uris))
    return _change(
        sandbox,
        transaction,
        client_id,
        lambda client: replace(client, redirect_uris=unique, notify_uri=notify_uri),
    )


def keep_scope_of_use(
    sandbox: Sandbox,
    transaction: Transaction,
    client_id: str,
    *,
    use_id: str | None,
    title: str,
    text: str,
    terms_url: str | None,
) -> Client:
    """Change a scope of use, or add one if there is no id. Raises InvalidParameter, NotFound."""
    for name, value in (("title", title), ("scope_of_use", text), ("terms_url", terms_url or "")):
        if mistake := mistake_in(name, value):
            raise InvalidParameter(mistake)

    def changed(client: Client) -> Client:
        uses = {use.id: use for use in client.scopes_of_use}
        if use_id is not None and use_id not in uses:
            raise NotFound(f"There is no scope of use {quoted(use_id)}.")
        if use_id is None and len(uses) >= MOST_SCOPES_OF_USE:
            raise InvalidParameter(
                f"This client already has {MOST_SCOPES_OF_USE} scopes of use. Change or remove one."
            )
        stored_id = use_id or _free_id(title, taken=uses)
        uses[stored_id] = ScopeOfUse(id=stored_id, title=title, text=text, terms_url=terms_url)
        return replace(client, scopes_of_use=tuple(uses.values()))

    return _change(sandbox, transaction, client_id, changed)


def remove_scope_of_use(sandbox: Sandbox, transaction: Transaction, client_id: str, use_id: str) -> Client:
    """Remove a scope of use. Raises InvalidParameter for the last one."""

    def changed(client: Client) -> Client:
        left = tuple(use for use in client.scopes_of_use if use.id != use_id)
        if not left:
            raise InvalidParameter(
                "The last scope of use cannot be removed: customers read it before they consent."
            )
        return replace(client, scopes_of_use=left)

    return _change(sandbox, transaction, client_id, changed)


def _change(
    sandbox: Sandbox, transaction: Transaction, client_id: str, changed: Callable[[Client], Client]
) -> Client:
    found = get_client(transaction, client_id)
    client = transaction.clients.hold(id=found.id) or found
    wanted = changed(client)
    check_registration(wanted)
    return change_within(transaction, client, wanted)


def _free_id(title: str, *, taken: dict[str, ScopeOfUse]) -> str:
    """An unused id that can follow `sou-` in a scope string."""
    wanted = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40] or "use"
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (wanted, *numbered) if one not in taken)
