"""Calls that list clients with their secrets, create and approve them, and switch their mode."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mock_server.actions.clients.add_client import NewClient, create_client
from mock_server.actions.clients.approve import approve_client, set_mode
from mock_server.actions.clients.find_client import list_clients
from mock_server.control.calls import calls
from mock_server.domain.records import Client, Mode, ScopeOfUse
from mock_server.fixtures.words import Email, Id, Name, RedirectUri, ScopeText, Secret, Url
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

router = calls()


class ClientShape(BaseModel):
    """A client with its credentials."""

    client_id: str
    client_secret: str | None
    company_name: str
    mode: Mode
    redirect_uris: list[str]
    api_token: str | None
    registration_access_token: str
    webhook_secret: str
    notify_uri: str | None


class ClientList(BaseModel):
    """All clients."""

    clients: list[ClientShape]


class OneClient(BaseModel):
    """One client, and when it was approved."""

    client: ClientShape
    approved: datetime | None


class WantedClient(BaseModel):
    """A client to create. Absent fields are generated or have their defaults."""

    model_config = ConfigDict(extra="forbid")

    client_id: Id | None = None
    client_secret: Secret | None = None
    company_name: Name = "Another Company"
    website: Url = "https://another-company.example.com/"
    contact_email: Email = "developers@another-company.example.com"
    scope_of_use: Annotated[Name, Field(description="What customers read before they consent.")] = (
        "We show you where your energy goes and what you could save."
    )
    redirect_uris: Annotated[list[RedirectUri], Field(max_length=50)] = []
    allows_loopback: bool = False
    is_public: bool = False
    mode: Mode = "sandbox"
    scope: ScopeText | None = None
    notify_uri: Url | None = None


class Switch(BaseModel):
    """The new mode: in live mode all customers can authorize the client, in sandbox mode only test accounts."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = Field(examples=["live"])


@router.get("/clients")
async def read_clients(context: Context) -> ClientList:
    """All clients, the default client first."""
    sandbox, links = context.sandbox, context.links
    found = await sandbox.run(sandbox.read, _list_clients)
    return ClientList(clients=[_shape(client, links) for client in found])


@router.post("/clients", status_code=201)
async def create(context: Context, wish: WantedClient | None = None) -> OneClient:
    """Register a client without the registration form."""
    sandbox = context.sandbox
    created = await sandbox.run(sandbox.write, create_client, _new_client(wish or WantedClient()))
    return _one(created, context.links)


@router.post("/clients/{client_id}/approve")
async def approve(context: Context, client_id: str) -> OneClient:
    """Approve a client, as the utility would. Its contact gets an email and can switch it to live mode."""
    sandbox, links = context.sandbox, context.links
    approved = await sandbox.run(
        sandbox.write, approve_client, client_id, settings_link=links.browser("settings")
    )
    return _one(approved, links)


@router.post("/clients/{client_id}/mode")
async def switch(context: Context, client_id: str, wish: Switch) -> OneClient:
    """Switch a client's mode at once. Switching to live also approves it."""
    sandbox = context.sandbox
    return _one(await sandbox.run(sandbox.write, set_mode, client_id, wish.mode), context.links)


def _new_client(wanted: WantedClient) -> NewClient:
    use = ScopeOfUse(
        id="default", title=f"What {wanted.company_name} does with your data", text=wanted.scope_of_use
    )
    return NewClient(
        **wanted.model_dump(
            exclude={"client_id", "client_secret", "scope_of_use", "redirect_uris", "is_public"}
        ),
        id=wanted.client_id,
        secret=wanted.client_secret,
        auth_method="none" if wanted.is_public else "client_secret_basic",
        scopes_of_use=(use,),
        redirect_uris=tuple(wanted.redirect_uris),
    )


def _list_clients(sandbox: Sandbox, transaction: Transaction) -> list[Client]:
    return list_clients(transaction, first=sandbox.fixtures.utility.default_client)


def _one(client: Client, links: Links) -> OneClient:
    return OneClient(client=_shape(client, links), approved=client.approved)


def _shape(client: Client, links: Links) -> ClientShape:
    return ClientShape(
        client_id=client.id,
        client_secret=client.secret or None,
        company_name=client.company_name,
        mode=client.mode,
        redirect_uris=[uri.replace("{base}", links.base) for uri in client.redirect_uris],
        api_token=client.api_token or None,
        registration_access_token=client.registration_access_token,
        webhook_secret=client.webhook_secret,
        notify_uri=client.notify_uri,
    )
