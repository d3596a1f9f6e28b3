"""Adds a client: its id, its secrets, its initial tokens, and a template for its forms."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from mock_server.actions.forms.templates import newest_template
from mock_server.domain.errors import Conflict
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import AuthMethod, Client, KeySet, Mode, Particulars, ScopeOfUse, Token
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_ID_LENGTH = 9  # after the name of the utility and an underscore (utilityapi.md §4)
_SECRET_LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class NewClient:
    """The values of a new client. A missing id or secret is generated; a missing scope is the utility's default.

    If the name is empty, the id is used (RFC 7591 §2).
    """

    company_name: str
    website: str
    contact_email: str
    scopes_of_use: tuple[ScopeOfUse, ...]
    redirect_uris: tuple[str, ...]
    id: str | None = None
    secret: str | None = None
    mode: Mode = "sandbox"
    auth_method: AuthMethod = "client_secret_basic"
    jwks: KeySet | None = None
    jwks_uri: str | None = None
    allows_loopback: bool = False
    scope: str | None = None
    notify_uri: str | None = None
    particulars: Particulars = field(default_factory=Particulars)


def create_client(sandbox: Sandbox, transaction: Transaction, wish: NewClient) -> Client:
    """Register a client without a person. Raises Conflict if its id is taken."""
    return add_client(sandbox, transaction, wish)


def add_client(sandbox: Sandbox, transaction: Transaction, wish: NewClient) -> Client:
    """The same within a transaction. A client created in live mode counts as approved."""
    now = transaction.now
    own_id = _free_id(sandbox, transaction, wish.id)
    client = Client(
        id=own_id,
        secret="",
        company_name=wish.company_name or own_id,
        website=wish.website,
        contact_email=wish.contact_email,
        mode=wish.mode,
        auth_method=wish.auth_method,
        jwks=wish.jwks,
        jwks_uri=wish.jwks_uri,
        particulars=wish.particulars,
        redirect_uris=wish.redirect_uris,
        allows_loopback=wish.allows_loopback,
        scope=wish.scope or sandbox.fixtures.utility.default_scope,
        scopes_of_use=wish.scopes_of_use,
        api_token=new_secret(sandbox),
        registration_access_token=sandbox.random.secret(),
        webhook_secret=new_secret(sandbox),
        notify_uri=wish.notify_uri,
        created=now,
        approved=now if wish.mode == "live" else None,
    )
    if client.has_secret:
        client = replace(client, secret=wish.secret or new_secret(sandbox))
    transaction.clients.add(client)
    transaction.tokens.add(*initial_tokens(client, issued=now))
    newest_template(transaction, client, at=now)
    return client


def new_secret(sandbox: Sandbox) -> str:
    """A secret of 32 hex digits, the format of clients' secrets."""
    return sandbox.random.secret()[:_SECRET_LENGTH]


def _free_id(sandbox: Sandbox, transaction: Transaction, wanted: str | None) -> str:
    if wanted is not None:
        if transaction.clients.find(id=wanted):
            raise Conflict(f"The client {wanted!r} already exists. Choose another id, or omit it.")
        return wanted
    while True:
        made = f"{sandbox.fixtures.utility.id}_{sandbox.random.secret()[:_ID_LENGTH]}"
        if transaction.clients.find(id=made) is None:
            return made


def initial_tokens(client: Client, *, issued: datetime) -> list[Token]:
    """The tokens of a new client: one for the JSON API, one for its own registration."""
    classes = (("api", client.api_token), ("registration", client.registration_access_token))
    return [
        Token(
            hash=fingerprint(secret),
            token_class=token_class,  # type: ignore[arg-type]  # the pairs above
            client_id=client.id,
            authorization_uid=None,
            customer_id=None,
            scope="",
            issued=issued,
            expires=None,
        )
        for token_class, secret in classes
        if secret
    ]
